package dev.sallyport.plugins.soap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testgateway.TestUpstream.Answered;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/** Alone, with a WSDL that is made. */
final class RestAsSoapLeakIT extends PluginLeakTest {

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - rest-as-soap:
                      service: T
                      namespace: "urn:t"
                      operations:
                        op:
                          path: /op
                          input: {properties: {a: {type: integer}}}
                          output: {properties: {a: {type: integer}}}
                upstream: "%s"
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        upstream.answers(_ -> new Answered(200, "{\"a\":2}", Map.of("content-type", "application/json")));

        assertThat(gateway.send(HttpRequest.newBuilder(gateway.address())
                                .header("content-type", "text/xml")
                                .POST(BodyPublishers.ofString(
                                        "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>"
                                                + "<op xmlns=\"urn:t\"><a>1</a></op></e:Body></e:Envelope>"))
                                .build())
                        .body())
                .contains(":a>2</");
        assertThat(upstream.last().body()).isEqualTo("{\"a\":1}");
    }
}
