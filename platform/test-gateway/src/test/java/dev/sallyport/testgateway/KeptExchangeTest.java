package dev.sallyport.testgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads serve one request after the other, so that a plugin which keeps an exchange may meet its thread again. */
final class KeptExchangeTest {

    private static final String STEPS = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.UpstreamName;
        import java.util.concurrent.atomic.AtomicReference;

        public final class Factory {

            public record Named(@UpstreamName String to) {}

            public record Nothing() {}

            @Type("keeps")
            public static final class Keeps implements FilterFactory<Named> {
                @Override
                public Filter create(Named config, FilterContext context) {
                    AtomicReference<Next> kept = new AtomicReference<>();
                    return (request, next) -> {
                        Next before = kept.getAndSet(request.exchange().upstream(config.to()));
                        try {
                            return before == null ? Response.of(204) : before.proceed(request);
                        } catch (IllegalStateException e) {
                            return Response.text(200, e.getMessage());
                        }
                    };
                }
            }

            @Type("remembers")
            public static final class Remembers implements FilterFactory<Nothing> {

                private static final ThreadLocal<String> LAST = new ThreadLocal<>();

                @Override
                public Filter create(Nothing config, FilterContext context) {
                    return (request, next) -> {
                        String last = LAST.get();
                        LAST.set(request.target().path());
                        Thread.currentThread().interrupt();
                        return Response.text(200, String.valueOf(last));
                    };
                }
            }
        }
        """;

    @TempDir
    Path folder;

    @Test
    void anExchangeThatIsOverCallsNoUpstream() throws IOException {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = start("keeps: {to: other}", upstream)) {
            assertThat(gateway.get("/first").statusCode()).isEqualTo(204);
            for (int i = 0; i < 20; i++) {
                assertThat(gateway.get("/later").body())
                        .isEqualTo("upstream other was called from another thread, or after the exchange"
                                + " (expected: from its own)");
            }
        }
    }

    @Test
    void aRequestSeesNothingThatAnotherLeftOnItsThread() throws IOException {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway gateway = start("remembers: {}", upstream)) {
            for (int i = 0; i < 100; i++) {
                assertThat(gateway.get("/" + i).body()).isEqualTo("null");
            }
        }
    }

    private TestGateway start(String step, TestUpstream upstream) throws IOException {
        return TestGateway.with(SamplePlugin.of(folder, "kept", "1.0.0", STEPS))
                .start("""
                    routes:
                      - {name: all, plugins: [%s], upstream: other}
                    upstreams:
                      other: {targets: ["%s"]}
                    """.formatted(step, upstream.address()));
    }
}
