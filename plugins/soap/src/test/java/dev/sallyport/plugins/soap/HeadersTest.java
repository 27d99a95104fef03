package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.Template;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Headers;
import dev.sallyport.plugins.soap.SoapAsRestConfig.Others;
import dev.sallyport.plugins.soap.SoapAsRestConfig.PasswordType;
import dev.sallyport.plugins.soap.SoapAsRestConfig.UserNameToken;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the blocks of SOAP headers. */
final class HeadersTest {

    private static final Path WSDL = Path.of("src/test/resources/wsdl/cxf/header_rpc_lit.wsdl");
    private static final String CALL = "<e:Envelope"
        + " xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Header>%s</e:Header><e:Body><r:pingMe"
        + " xmlns:r=\"http://apache.org/headers/rpc_lit\"><in xmlns=\"\"><x:faultType"
        + " xmlns:x=\"http://apache.org/headers/coloc/types\">f</x:faultType></in></r:pingMe></e:Body></e:Envelope>";
    private static final String WSA =
            "<w:MessageID xmlns:w=\"http://www.w3.org/2005/08/addressing\"%s>urn:1</w:MessageID>";

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() {
        context.close();
    }

    private static String text(Body body) throws IOException {
        try (InputStream in = body.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static SoapAsRestConfig added(PasswordType type) {
        return added(type, Template.parse("{header.x-tenant}"));
    }

    private static SoapAsRestConfig added(PasswordType type, Template tenant) {
        return new SoapAsRestConfig(
                WSDL,
                null,
                null,
                null,
                "",
                Map.of(),
                "",
                Map.of("{urn:x}Tenant", tenant),
                Headers.ALL,
                new UserNameToken("me", Secret.parse("s&cret"), type),
                Map.of(),
                Others.REFUSE,
                new Size(1000),
                100);
    }

    @Test
    void eachRequestGetsTheBlocksOfTheSettings() throws Exception {
        FakeNext next = FakeNext.ok();
        Filter filter = context.create(new SoapAsRestFactory(), added(PasswordType.TEXT));

        filter.handle(
                Requests.post("/pingMe", "{\"in\":{\"faultType\":\"f\"}}")
                        .header("content-type", "application/json")
                        .header("x-tenant", "a<b")
                        .build(),
                next);

        assertThat(text(next.request().body()))
                .contains("<s:Header><h:Tenant xmlns:h=\"urn:x\">a&lt;b</h:Tenant>")
                .contains("<o:Username>me</o:Username>", "#PasswordText\">s&amp;cret</o:Password>");
        assertThat(next.request().header("soapaction")).isEqualTo("\"\"");
        assertThat(next.request().path()).isEqualTo("/headers");
    }

    @Test
    void aPasswordCanBeSentAsADigest() throws Exception {
        FakeNext next = FakeNext.ok();
        Filter filter = context.create(new SoapAsRestFactory(), added(PasswordType.DIGEST));

        filter.handle(
                Requests.post("/pingMe", "{\"in\":{\"faultType\":\"f\"}}")
                        .header("content-type", "application/json")
                        .build(),
                next);

        assertThat(text(next.request().body()))
                .contains("#PasswordDigest\">", "<o:Nonce ", "<u:Created>")
                .doesNotContain("s&amp;cret", "<h:Tenant");
    }

    @Test
    void blocksThatAreNotDeclaredAreXmlWhereTheyAreAskedFor() throws Exception {
        FakeNext next = FakeNext.answering(Response.json(200, "{\"out\":{}}"));
        Filter filter =
                context.create(new RestAsSoapFactory(), Configs.restAsSoap(WSDL, Others.REFUSE, Headers.ALL, "pingMe"));

        filter.handle(call(WSA.formatted(" e:mustUnderstand=\"1\"")), next);

        assertThat(text(next.request().body()))
                .startsWith("{\"in\":{\"faultType\":\"f\"},\"#headers\":{\"#xml\":[\"<w:MessageID xmlns:w=");
    }

    @Test
    void aBlockThatMustBeUnderstoodAndIsNotIsRefused() throws Exception {
        FakeNext next = FakeNext.answering(Response.json(200, "{\"out\":{}}"));
        Filter filter = context.create(new RestAsSoapFactory(), Configs.restAsSoap(WSDL, "pingMe"));

        Response refused = filter.handle(call(WSA.formatted(" e:mustUnderstand=\"1\"")), next);
        Response passed = filter.handle(call(WSA.formatted("")), next);

        assertThat(refused.status()).isEqualTo(500);
        assertThat(text(refused.body())).contains("<faultcode>s:MustUnderstand</faultcode>");
        assertThat(passed.status()).isEqualTo(200);
        assertThat(text(next.request().body())).isEqualTo("{\"in\":{\"faultType\":\"f\"}}");
    }

    @Test
    void aBlockForOthersNeedNotBeUnderstood() throws Exception {
        Filter filter = context.create(new RestAsSoapFactory(), Configs.restAsSoap(WSDL, "pingMe"));
        String must = " e:mustUnderstand=\"1\" e:actor=\"%s\"";
        FakeNext next = FakeNext.answering(Response.json(200, "{\"out\":{}}"));

        assertThat(filter.handle(call(WSA.formatted(must.formatted("urn:audit"))), next)
                        .status())
                .isEqualTo(200);
        assertThat(filter.handle(
                                call(WSA.formatted(must.formatted("http://schemas.xmlsoap.org/soap/actor/next"))),
                                FakeNext.ok())
                        .status())
                .isEqualTo(500);
        assertThat(filter.handle(call(WSA.formatted(must.formatted(""))), FakeNext.ok())
                        .status())
                .isEqualTo(500);
    }

    @Test
    void anotherVersionOfSoapIsToldSo() throws Exception {
        Filter filter = context.create(new RestAsSoapFactory(), Configs.restAsSoap(WSDL, "pingMe"));

        Response refused = filter.handle(
                Requests.post("/", "<e:Envelope xmlns:e='urn:soap:9'/>")
                        .header("content-type", "application/soap+xml")
                        .build(),
                FakeNext.ok());

        assertThat(refused.status()).isEqualTo(500);
        assertThat(text(refused.body())).contains("<s:Value>s:VersionMismatch</s:Value>");
    }

    @Test
    void aRedirectIsTheServicesFault() throws Exception {
        Filter filter = context.create(new RestAsSoapFactory(), Configs.restAsSoap(WSDL, "pingMe"));

        Response refused = filter.handle(call(""), FakeNext.answering(Response.of(302)));

        assertThat(text(refused.body())).contains("<faultcode>s:Server</faultcode>");
    }

    @Test
    void halfAPairInABlockIsNoTrouble() {
        RequestBlocks blocks =
                new RequestBlocks(added(PasswordType.TEXT, Template.parse("a\ud800b")), Clock.systemUTC());

        assertThat(blocks.of(Requests.get("/").build())).contains(">a b</h:Tenant>");
    }

    @Test
    void aFaultIsFoundByAnElementThatIsNotDeclared() throws Exception {
        SoapAsRestConfig config = new SoapAsRestConfig(
                WSDL,
                null,
                null,
                null,
                "",
                Map.of(),
                "",
                Map.of(),
                Headers.DECLARED,
                null,
                Map.of("gone", 404),
                Others.REFUSE,
                new Size(1000),
                100);
        FakeNext next = FakeNext.answering(Response.of(
                500,
                dev.sallyport.api.Headers.of("content-type", "text/xml"),
                Body.of("<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body><e:Fault>"
                        + "<faultcode>e:Server</faultcode><faultstring>no</faultstring><detail><x:gone"
                        + " xmlns:x=\"urn:x\"/></detail></e:Fault></e:Body></e:Envelope>")));

        Response response = context.create(new SoapAsRestFactory(), config)
                .handle(
                        Requests.post("/pingMe", "{\"in\":{\"faultType\":\"f\"}}")
                                .header("content-type", "application/json")
                                .build(),
                        next);

        assertThat(response.status()).isEqualTo(404);
    }

    private static dev.sallyport.api.Request call(String header) {
        return Requests.post("/", CALL.formatted(header))
                .header("content-type", "text/xml")
                .build();
    }
}
