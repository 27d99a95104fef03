package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Filter;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FilterContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class ExtAuthContractTest extends FilterContract {

    private AuthServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AuthServer().answers(200, "", "X-User", "anna");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected Filter create(FakeContext context) {
        return context.create(
                new ExtAuthFactory(),
                Configs.of(new Service.Http(server.address(), "POST"))
                        .body(1000)
                        .toUpstream("x-user")
                        .build());
    }
}
