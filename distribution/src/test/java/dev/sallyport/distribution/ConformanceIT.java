package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.distribution.conformance.Case;
import dev.sallyport.distribution.conformance.OtherProxy;
import dev.sallyport.distribution.conformance.Outcomes;
import dev.sallyport.distribution.conformance.ScriptedTarget;
import dev.sallyport.distribution.conformance.Suite;
import dev.sallyport.distribution.conformance.Suite.Peer;
import dev.sallyport.distribution.conformance.Suite.Result;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The suite of conformance, against the product and, where they are installed, nginx and HAProxy. */
final class ConformanceIT {

    private static final List<Case> CASES = Case.all();

    private static ScriptedTarget target;

    @BeforeAll
    static void listen() {
        target = new ScriptedTarget(CASES);
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @Test
    void passesWhole() {
        String config = Product.web("""
            upstreams:
              plain: {targets: ["http://127.0.0.1:%1$d"], host: client}
              grpc: {targets: ["http://127.0.0.1:%1$d"], host: client, protocol: h2}
            routes:
              - {name: grpc, match: {paths: ["/g.S/**"]}, upstream: grpc}
              - {name: all, upstream: plain}
            """.formatted(target.port()));
        try (Product product = Product.with(config).start()) {
            int port = product.address().getPort();
            Map<String, Result> results = Suite.run(CASES, new Peer("sallyport", port, port, true), target);
            keep("sallyport", results);
            assertThat(Suite.failures(results)).isEmpty();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "sallyport.springCloudGateway", matches = ".+")
    void playsAgainstSpringCloudGateway() throws Exception {
        String classPath = System.getProperty("sallyport.springCloudGateway");
        try (OtherProxy proxy = OtherProxy.springCloudGateway(classPath, target.port())) {
            Map<String, Result> results = Suite.run(CASES, proxy.peer(), target);
            keep("spring-cloud-gateway", results);
            assertThat(results).hasSize(CASES.size());
        }
    }

    /** For the page, with {@code -Dsallyport.rewrite=true}. */
    private static void keep(String peer, Map<String, Result> results) {
        if (Boolean.getBoolean("sallyport.rewrite")) {
            Outcomes.write("conformance", peer, results);
        }
    }

    @Test
    void tellsProxiesApart() throws Exception {
        Set<String> failed = new HashSet<>();
        for (String program : List.of("nginx", "haproxy")) {
            try (OtherProxy proxy =
                    OtherProxy.start("conformance", program, Command.installed(program), target.port())) {
                Map<String, Result> results = Suite.run(CASES, proxy.peer(), target);
                keep(program, results);
                results.forEach((id, result) -> {
                    if (result.failed()) {
                        failed.add(id);
                    }
                });
            }
        }
        assertThat(failed.size()).isGreaterThanOrEqualTo(CASES.size() / 10);
    }
}
