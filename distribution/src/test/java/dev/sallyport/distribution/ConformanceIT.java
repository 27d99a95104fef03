package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.distribution.conformance.Case;
import dev.sallyport.distribution.conformance.OtherProxy;
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
              grpc: {targets: ["http://127.0.0.1:%1$d"], host: client%2$s}
            routes:
              - {name: grpc, match: {paths: ["/g.S/**"]}, upstream: grpc}
              - {name: all, upstream: plain}
            """.formatted(target.port(), speaksHttp2ToTargets() ? ", protocol: h2" : ""));
        try (Product product = Product.with(config).start()) {
            int port = product.address().getPort();
            Map<String, Result> results = Suite.run(CASES, new Peer("sallyport", port, port, true), target);
            Table.write("sallyport", results);
            assertThat(Suite.failures(results)).isEmpty();
        }
    }

    private static boolean speaksHttp2ToTargets() {
        return java.util.Arrays.stream(dev.sallyport.kernel.config.UpstreamConfig.class.getRecordComponents())
                .anyMatch(component -> component.getName().equals("protocol"));
    }

    @Test
    void tellsProxiesApart() throws Exception {
        Set<String> failed = new HashSet<>();
        for (String program : List.of("nginx", "haproxy")) {
            try (OtherProxy proxy = OtherProxy.start(program, Command.installed(program), target.port())) {
                Map<String, Result> results = Suite.run(CASES, proxy.peer(), target);
                Table.write(program, results);
                results.forEach((id, result) -> {
                    if (result.failed()) {
                        failed.add(id);
                    }
                });
            }
        }
        assertThat(failed.size()).isGreaterThanOrEqualTo(CASES.size() / 10);
    }

    /** What came of it, for the page: target/conformance/PEER.txt. */
    private static final class Table {

        static void write(String peer, Map<String, Result> results) {
            StringBuilder lines = new StringBuilder();
            results.forEach((id, result) -> lines.append(id)
                    .append('\t')
                    .append(result.notFor() != null ? "n/a" : result.failed() ? "no" : "yes")
                    .append('\t')
                    .append(
                            result.notFor() != null
                                    ? result.notFor()
                                    : result.failed()
                                            ? String.join("; ", result.wrong())
                                            : String.valueOf(result.status()))
                    .append('\n'));
            try {
                java.nio.file.Path folder = java.nio.file.Path.of("target/conformance");
                java.nio.file.Files.createDirectories(folder);
                java.nio.file.Files.writeString(folder.resolve(peer + ".txt"), lines);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
