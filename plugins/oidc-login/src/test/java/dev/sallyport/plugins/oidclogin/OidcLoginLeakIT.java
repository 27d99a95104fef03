package dev.sallyport.plugins.oidclogin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;

final class OidcLoginLeakIT extends PluginLeakTest {

    private final TestProvider provider = new TestProvider().offersPar().offersLogout();

    @AfterEach
    void stop() {
        provider.close();
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            routes:
              - name: all
                plugins:
                  - oidc-login:
                      issuer: "%s"
                      clientId: shop
                      clientSecret: %s
                      keys: %s
                      cookie: {name: session, secure: false}
                upstream: "%s"
            """.formatted(provider.issuer(), TestProvider.SECRET, Configs.KEY, upstream.address());
    }

    @Override
    protected void breakWhatItNeeds(TestUpstream upstream) {
        super.breakWhatItNeeds(upstream);
        provider.close();
    }

    @Override
    protected void serveWithoutIt(TestGateway gateway) {
        gateway.get("/", "accept", "text/html");
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        provider.lifetime = 1; // so that the next request fetches newer tokens
        HttpResponse<String> led = gateway.get("/", "accept", "text/html");
        String callback = provider.approve(URI.create(header(led, "location")));
        HttpResponse<String> back = gateway.get(callback, "cookie", cookie(led));
        assertThat(gateway.get("/", "cookie", cookie(back)).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/oidc/logout", "cookie", cookie(back)).statusCode())
                .isEqualTo(303);
        assertThat(gateway.get("/", "cookie", "session=nonsense").statusCode()).isEqualTo(401);
    }

    private static String cookie(HttpResponse<String> response) {
        String field = header(response, "set-cookie");
        return field.substring(0, field.indexOf(';'));
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError(response.body()));
    }
}
