package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A script is replaced again and again while clients that never let go of their connections ask for it. */
final class ScriptSwapIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = 8;
    private static final int WARM = 20;

    private static String script(int number) {
        return """
            import { stamp } from "./lib/stamp.js";
            const large = new Array(1000).fill(%1$d);
            export default async function (request, next) {
              const response = await next(request);
              response.headers.set("x-stamp", stamp(large[7]));
              return response;
            }
            """.formatted(number);
    }

    @Test
    void noRequestSeesASwap() {
        swap(8);
    }

    @Test
    @Tag("proof")
    void fiveHundredSwapsLeaveNothingBehind() {
        long[] kib = swap(500);

        System.out.printf(
                "500 swaps: %d requests, heap after %d swaps %d KiB, after all %d KiB%n", kib[0], WARM, kib[1], kib[2]);
        assertThat(kib[2] - kib[1]).as("KiB that 480 swaps have left").isLessThan(24 * 1024);
    }

    private static long[] swap(int swaps) {
        List<String> stamps =
                IntStream.rangeClosed(0, swaps).mapToObj(i -> "v" + i).toList();
        try (Product product = Product.with(Product.web("""
            routes:
              - name: stamped
                match: {paths: [/stamped]}
                plugins: [{javascript: {script: stamped.js}}, {respond: {body: stamped}}]
            """))
                .heap("256m")
                .file("scripts/lib/stamp.js", "export const stamp = (number) => `v${number}`;\n")
                .file("scripts/stamped.js", script(0))
                .start()) {
            long early = 0;
            StampedClients clients = new StampedClients(product.address(), "/stamped", CLIENTS, stamps);
            try (clients) {
                clients.now("v0");
                for (int i = 1; i <= swaps; i++) {
                    int number = i;
                    clients.changing();
                    product.change(() -> product.replace("scripts/stamped.js", script(number)));
                    clients.now("v" + i);
                    long judged = clients.judged();
                    await().atMost(PATIENCE).until(() -> clients.judged() > judged + CLIENTS);
                    if (i == WARM) {
                        early = product.heapKib();
                    }
                }
            }
            assertThat(clients.faults()).isEmpty();
            return new long[] {clients.answers(), early, product.heapKib()};
        }
    }
}
