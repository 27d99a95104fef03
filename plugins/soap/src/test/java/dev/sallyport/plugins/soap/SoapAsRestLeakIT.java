package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Map;

/** Both steps, one behind the other: SOAP becomes JSON, and SOAP again. */
final class SoapAsRestLeakIT extends PluginLeakTest {

    private static final String ENVELOPE = "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>"
            + "<t:op%s xmlns:t=\"urn:t\"><a>1</a></t:op%s></e:Body></e:Envelope>";

    @Override
    protected TestGateway.Builder gateway(Path jar) {
        String type =
                "<xs:complexType><xs:sequence><xs:element name=\"a\" type=\"xs:int\"/></xs:sequence></xs:complexType>";
        return super.gateway(jar)
                .file(
                        "t.wsdl",
                        Wsdls.document(
                                "<xs:element name=\"op\">" + type + "</xs:element><xs:element name=\"opResponse\">"
                                        + type + "</xs:element>",
                                "op"));
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - rest-as-soap: {wsdl: t.wsdl, operations: {op: {path: /op}}}
                  - soap-as-rest: {wsdl: t.wsdl}
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(
                _ -> new Answered(200, ENVELOPE.formatted("Response", "Response"), Map.of("content-type", "text/xml")));

        assertThat(gateway.send(HttpRequest.newBuilder(gateway.address())
                                .header("content-type", "text/xml")
                                .POST(BodyPublishers.ofString(ENVELOPE.formatted("", "")))
                                .build())
                        .body())
                .contains("<a>1</a>");
        assertThat(upstream.last().body()).contains("<a>1</a>");
    }
}
