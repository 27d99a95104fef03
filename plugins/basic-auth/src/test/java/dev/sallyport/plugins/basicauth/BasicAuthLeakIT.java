package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.PluginLeakTest;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.nio.file.Path;

final class BasicAuthLeakIT extends PluginLeakTest {

    @Override
    protected TestGateway.Builder gateway(Path jar) {
        return super.gateway(jar).file("users", "ben:" + Logins.bcryptText("b", 4) + "\n");
    }

    @Override
    protected String config(TestUpstream upstream) {
        return """
            consumers:
              - name: anna
                credentials: [{basic-auth: {hash: "%s"}}]
            routes:
              - {name: all, plugins: [{basic-auth: {htpasswd: users}}], upstream: "%s"}
            """.formatted(
                        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                        upstream.address());
    }

    @Override
    protected void serve(TestGateway gateway, TestUpstream upstream) {
        assertThat(gateway.get("/", "authorization", Logins.header("anna", "password"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(upstream.last().header("x-consumer-name")).hasValue("anna");
        assertThat(gateway.get("/", "authorization", Logins.header("ben", "b")).statusCode())
                .isEqualTo(200);
        assertThat(gateway.get("/", "authorization", Logins.header("ben", "x")).statusCode())
                .isEqualTo(401);
    }
}
