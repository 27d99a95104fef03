package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.plugins.soap.Orders.OrderMissing;
import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import jakarta.xml.ws.WebServiceException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import org.apache.cxf.BusFactory;
import org.apache.cxf.binding.soap.SoapFault;
import org.apache.cxf.wsdl11.WSDLServiceFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service of REST, called by clients of Apache CXF through the gateway. */
final class RestAsSoapGatewayIT {

    private static final MarkdownPage GUIDE = MarkdownPage.read(Path.of("../../docs/guides/rest-as-soap.md"));

    /** With a WSDL that was there before. */
    private static final String CONFIG = GUIDE.yaml().get(1).text();

    private final TestUpstream upstream = TestUpstream.start();

    @AfterEach
    void stop() {
        upstream.close();
    }

    private TestGateway gateway(String config) {
        try (OrderServer server = OrderServer.start()) {
            return TestGateway.with(TestGateway.builtJar())
                    .file("orders.wsdl", server.wsdl())
                    .start(config.replace(
                            "http://127.0.0.1:9001", upstream.address().toString()));
        }
    }

    private void answers(int status, String json) {
        upstream.answers(_ -> new Answered(status, json, Map.of("content-type", "application/json")));
    }

    @Test
    void answersACxfClientByWhatARestServiceSays() throws Exception {
        try (TestGateway gateway = gateway(CONFIG)) {
            Orders orders = OrderServer.client(gateway.address() + "/soap/orders");
            answers(
                    200,
                    "{\"@id\":\"4/2\",\"customer\":\"Ünïcode\",\"total\":1.10,\"paid\":true,\"note\":null,"
                            + "\"line\":[{\"sku\":\"a\",\"amount\":1},{\"sku\":\"b\",\"amount\":2}],\"internal\":1}");

            Orders.Order order = orders.getOrder("4/2");

            assertThat(upstream.last().method() + " " + upstream.last().target())
                    .isEqualTo("GET /orders/4%2F2");
            assertThat(order.customer).isEqualTo("Ünïcode");
            assertThat(order.total).isEqualTo(new BigDecimal("1.10"));
            assertThat(order.note).isNull();
            assertThat(order.line).hasSize(2);

            answers(200, "[{\"@id\":\"1\",\"customer\":\"A\",\"note\":\"\",\"paid\":false}]");
            assertThat(orders.findOrders("A & B", 3)).hasSize(1);
            assertThat(upstream.last().target()).isEqualTo("/orders?customer=A%20%26%20B&limit=3");

            answers(200, "{\"id\":\"43\"}");
            assertThat(orders.placeOrder(OrderServer.order("9"), "s")).isEqualTo("43");
            assertThat(upstream.last().body())
                    .isEqualTo(
                            "{\"@xsi:type\":\"express\",\"@id\":\"9\",\"customer\":\"Ünïcode & Söhne\",\"note\":null,"
                                + "\"paid\":false,\"total\":1.10,\"line\":[{\"sku\":\"AB-1\",\"amount\":2}],\"hours\":4}");
        }
    }

    @Test
    void answersFaultsThatTheWsdlDeclaresAndOthers() {
        try (TestGateway gateway = gateway(CONFIG)) {
            Orders orders = OrderServer.client(gateway.address() + "/soap/orders");
            answers(404, "{\"title\":\"No such order\",\"fault\":{\"detail\":{\"orderMissing\":{\"id\":\"7\"}}}}");
            assertThatExceptionOfType(OrderMissing.class)
                    .isThrownBy(() -> orders.getOrder("7"))
                    .withMessage("No such order")
                    .satisfies(e -> assertThat(e.getFaultInfo().id).isEqualTo("7"));

            answers(503, "{\"title\":\"Closed\"}");
            assertThatExceptionOfType(WebServiceException.class)
                    .isThrownBy(() -> orders.getOrder("7"))
                    .havingCause()
                    .isInstanceOf(SoapFault.class)
                    .withMessage("Closed")
                    .returns(
                            "Server",
                            fault -> ((SoapFault) fault).getFaultCode().getLocalPart());

            upstream.answers(200, "no JSON");
            assertThatExceptionOfType(WebServiceException.class)
                    .isThrownBy(() -> orders.getOrder("7"))
                    .withMessageContaining("no JSON");
        }
    }

    @Test
    void servesTheExampleOfItsPage() {
        try (TestGateway gateway = gateway(MarkdownPage.examples().get(1))) {
            answers(200, "{\"id\":\"42\",\"total\":1.10,\"lines\":[{\"sku\":\"a\",\"amount\":1}]}");

            assertThat(gateway.get("/soap/orders?wsdl").body()).contains("name=\"amount\" type=\"xs:int\"");
            assertThat(gateway.get("/soap/other?wsdl").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void servesTheWsdlWithItsOwnAddress() {
        try (TestGateway gateway = gateway(CONFIG)) {
            String wsdl = gateway.get("/soap/orders?wsdl").body();

            assertThat(wsdl).contains("location=\"" + gateway.address() + "/soap/orders\"");
            assertThat(gateway.get("/soap/orders?xsd=none").statusCode()).isEqualTo(404);
            assertThat(gateway.get("/soap/orders").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void aClientCanBeMadeOfAWsdlThatWasMade() throws Exception {
        try (TestGateway gateway = gateway(GUIDE.yaml().getFirst().text())) {
            upstream.answers(request -> request.target().equals("/orders/42")
                    ? new Answered(
                            200,
                            "{\"id\": \"42\", \"total\": 1.10, \"note\": null, \"lines\": [{\"sku\": \"a\"}],"
                                    + " \"internal\": true}",
                            Map.of("content-type", "application/json"))
                    : new Answered(
                            404,
                            "{\"title\": \"No such order\", \"status\": 404}",
                            Map.of("content-type", "application/problem+json")));
            GuideSteps.run(gateway, GUIDE);

            var service = new WSDLServiceFactory(BusFactory.getDefaultBus(), gateway.address() + "/soap/orders?wsdl")
                    .create();
            assertThat(service.getServiceInfos().getFirst().getInterface().getOperations())
                    .hasSize(1);
            assertThat(service.getServiceInfos().getFirst().getEndpoints()).hasSize(2);
        }
    }

    /** A client of SOAP, turned to REST and back to SOAP, gets what the service of SOAP says. */
    @Test
    void bothStepsTogetherAreAsIfNeitherWereThere() throws Exception {
        try (OrderServer server = OrderServer.start();
                TestGateway inner = TestGateway.with(TestGateway.builtJar())
                        .file("orders.wsdl", server.wsdl())
                        .start("routes: [{name: all, plugins: [{soap-as-rest: {wsdl: orders.wsdl}}], upstream: \""
                                + server.target() + "\"}]");
                TestGateway outer = TestGateway.with(TestGateway.builtJar())
                        .file("orders.wsdl", server.wsdl())
                        .start("""
                            routes:
                              - name: all
                                plugins:
                                  - rest-as-soap:
                                      wsdl: orders.wsdl
                                      operations: {getOrder: {path: /getOrder}, placeOrder: {path: /placeOrder}, touch: {path: /touch}}
                                upstream: "%s"
                            """.formatted(inner.address()))) {
            Orders orders = OrderServer.client(outer.address() + "/orders");

            assertThat(orders.getOrder("42")).isInstanceOf(Orders.Express.class);
            assertThat(orders.placeOrder(OrderServer.order("9"), "s1")).isEqualTo("43");
            assertThat(server.told()).containsExactly("s1 Express 9 1.10 null 1");
            assertThatExceptionOfType(OrderMissing.class)
                    .isThrownBy(() -> orders.getOrder("7"))
                    .satisfies(e -> assertThat(e.getFaultInfo().id).isEqualTo("7"));
        }
    }
}
