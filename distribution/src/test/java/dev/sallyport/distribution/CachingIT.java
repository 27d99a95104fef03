package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.distribution.conformance.CachingCase;
import dev.sallyport.distribution.conformance.CachingSuite;
import dev.sallyport.distribution.conformance.CachingTarget;
import dev.sallyport.distribution.conformance.OtherProxy;
import dev.sallyport.distribution.conformance.Outcomes;
import dev.sallyport.distribution.conformance.Suite;
import dev.sallyport.distribution.conformance.Suite.Peer;
import dev.sallyport.distribution.conformance.Suite.Result;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is expected of a cache, against the product and, where it is installed, nginx. */
final class CachingIT {

    private static final List<CachingCase> CASES = CachingCase.all().stream()
            .filter(one -> one.id().matches(System.getProperty("caching.cases", ".*")))
            .toList();

    private static CachingTarget target;

    @BeforeAll
    static void listen() {
        target = new CachingTarget();
    }

    @AfterAll
    static void stop() {
        target.close();
    }

    @Test
    void passesWhole() {
        String routes = CASES.stream()
                .collect(Collectors.toMap(CachingCase::folder, CachingCase::config, (one, same) -> one))
                .entrySet()
                .stream()
                .map(one ->
                        "  - {name: \"%1$s\", match: {paths: [\"%2$s/**\"]}, upstream: target, plugins: [{cache: %3$s}]}"
                                .formatted(one.getKey().substring(1), one.getKey(), one.getValue()))
                .collect(Collectors.joining("\n"));
        String config = Product.web("""
            upstreams:
              target: {targets: ["http://127.0.0.1:%d"], host: client}
            routes:
            %s
            """.formatted(target.port(), routes));
        try (Product product = Product.with(config).start()) {
            int port = product.address().getPort();
            Map<String, Result> results = CachingSuite.run(CASES, new Peer("sallyport", port, port, true), target);
            keep("sallyport", results);
            assertThat(Suite.failures(results)).isEmpty();
        }
    }

    @Test
    void tellsCachesApart() throws Exception {
        try (OtherProxy proxy = OtherProxy.start("caching", "nginx", Command.installed("nginx"), target.port())) {
            Map<String, Result> results = CachingSuite.run(CASES, proxy.peer(), target);
            keep("nginx", results);
            long failed = results.values().stream().filter(Result::failed).count();
            assertThat(failed).isBetween(CASES.size() / 10L, CASES.size() / 2L);
        }
    }

    /** For the page, with {@code -Dsallyport.rewrite=true}. */
    private static void keep(String peer, Map<String, Result> results) {
        if (Boolean.getBoolean("sallyport.rewrite")) {
            Outcomes.write("caching", peer, results);
        }
    }
}
