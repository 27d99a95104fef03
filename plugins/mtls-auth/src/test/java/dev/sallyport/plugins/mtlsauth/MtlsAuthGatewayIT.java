package dev.sallyport.plugins.mtlsauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real handshakes: the example of the page, and a listener that leaves it to the client. */
final class MtlsAuthGatewayIT {

    @TempDir
    private Path folder;

    @Test
    void servesTheExampleOfItsPage() throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        issue(authority);
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = start(MarkdownPage.examples().getFirst(), upstream)) {
            HttpResponse<String> orders = get(gateway, authority.client("orders"));
            assertThat(orders.statusCode()).isEqualTo(200);
            assertThat(upstream.last().headers().get("x-consumer-name")).containsExactly("orders");
            assertThat(upstream.last().headers().get("x-client-id"))
                    .containsExactly("spiffe://shop.example/ns/prod/orders");

            assertThat(get(gateway, authority.client("mobile")).statusCode()).isEqualTo(200);
            assertThat(upstream.last().headers().get("x-consumer-name")).containsExactly("mobile");
            assertThat(upstream.last().headers()).doesNotContainKey("x-client-id");

            HttpResponse<String> nobody = get(gateway, authority.client("nobody"));
            assertThat(nobody.statusCode()).isEqualTo(403);
            assertThat(nobody.body()).contains("urn:sallyport:problem:certificate-unknown");

            SSLContext none = authority.client(null);
            assertThatThrownBy(() -> get(gateway, none)).isInstanceOf(IOException.class);
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void asksWhoShowsNoCertificateForOne() throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        issue(authority);
        String optional = MarkdownPage.examples().getFirst().replace("clientAuth: required", "clientAuth: optional");
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = start(optional, upstream)) {
            HttpResponse<String> none = get(gateway, authority.client(null));

            assertThat(none.statusCode()).isEqualTo(401);
            assertThat(none.headers().firstValue("WWW-Authenticate")).hasValue("ClientCertificate realm=\"api\"");
            assertThat(none.body()).contains("urn:sallyport:problem:certificate-missing");
            assertThat(get(gateway, authority.client("orders")).statusCode()).isEqualTo(200);
        }
    }

    private static void issue(TestAuthority authority) throws Exception {
        authority.issue("web", "EC", "localhost", "127.0.0.1");
        authority.issue("orders", "EC", "uri:spiffe://shop.example/ns/prod/orders");
        authority.issue("mobile", "EC", "mobile.partner.example");
        authority.issue("nobody", "EC", "nobody.example");
    }

    private TestGateway start(String example, TestUpstream upstream) throws Exception {
        TestGateway.Builder builder = TestGateway.with(TestGateway.builtJar());
        for (String file : new String[] {"web.pem", "web.key", "ca.pem"}) {
            builder.file(file, Files.readString(folder.resolve(file)));
        }
        return builder.start(example.replace("127.0.0.1:8443", "\"127.0.0.1:0\"")
                .replace("http://127.0.0.1:9001", upstream.address().toString()));
    }

    private static HttpResponse<String> get(TestGateway gateway, SSLContext tls) throws Exception {
        URI address = URI.create(gateway.address().toString().replace("http:", "https:") + "/stock/1");
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(
                    HttpRequest.newBuilder(address)
                            .header("x-client-id", "forged")
                            .header("x-consumer-name", "forged")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
