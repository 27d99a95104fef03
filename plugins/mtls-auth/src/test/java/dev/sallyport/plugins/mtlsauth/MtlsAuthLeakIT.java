package dev.sallyport.plugins.mtlsauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import dev.sallyport.testkit.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class MtlsAuthLeakIT extends PluginLeakTest {

    @TempDir
    private Path certificates;

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestAuthority authority;

    @BeforeEach
    void issue() throws Exception {
        authority = new TestAuthority(certificates);
        authority.issue("web", "EC", "localhost", "127.0.0.1");
        authority.issue("orders", "EC", "uri:spiffe://shop.example/ns/prod/orders");
    }

    @Override
    protected TestGateway.Builder gateway(Path jar) {
        TestGateway.Builder builder = super.gateway(jar);
        try {
            for (String file : new String[] {"web.pem", "web.key", "ca.pem"}) {
                builder.file(file, Files.readString(certificates.resolve(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return builder;
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            listeners:
              - name: web
                address: "127.0.0.1:0"
                tls: {certificate: web.pem, key: web.key, clientAuth: optional, clientCa: ca.pem}
            consumers:
              - name: orders
                credentials: [{mtls-auth: {uri: "spiffe://shop.example/ns/prod/*"}}]
            routes:
              - {name: all, plugins: [{mtls-auth: {headers: {client-cert: certificate}}}], upstream: "%s"}
            """.formatted(upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) throws Exception {
        assertThat(get(gateway, "orders")).isEqualTo(200);
        assertThat(upstream.last().header("x-consumer-name")).hasValue("orders");
        assertThat(get(gateway, null)).isEqualTo(401);
    }

    @Override
    protected void serveWithoutIt(TestGateway gateway) throws Exception {
        get(gateway, "orders");
    }

    private int get(TestGateway gateway, @Nullable String name) throws Exception {
        URI address = URI.create(gateway.address().toString().replace("http:", "https:"));
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(authority.client(name)).build()) {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
