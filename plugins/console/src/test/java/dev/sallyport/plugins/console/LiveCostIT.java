package dev.sallyport.plugins.console;

import com.sun.management.OperatingSystemMXBean;
import dev.sallyport.testgateway.TestGateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What an open overview costs a gateway that gets 5,000 requests a second: the processor time of the process, clients included,
 * in turns with nobody who looks and with somebody who does; printed. The difference is the overview's.
 */
@Tag("proof")
final class LiveCostIT {

    private static final int RATE = 5_000;
    private static final int CLIENTS = 4;
    private static final int TURNS = 6;
    private static final int TURN_MILLIS = 6_000;
    private static final int POLL_MILLIS = 5_000;

    @Test
    void ofAnOpenOverview() throws Exception {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                        .and(TestGateway.builtJar(Path.of("../respond")))
                        .start("""
                            services: [{name: console, console: {}}]
                            admin: {address: "127.0.0.1:0"}
                            routes:
                              - {name: a, match: {paths: [/a]}, plugins: [{respond: {status: 200, body: hello}}]}
                              - {name: b, match: {paths: [/b]}, plugins: [{respond: {status: 200, body: hello}}]}
                            """);
                Load load = new Load(gateway.address())) {
            Thread.sleep(60_000); // until what runs often is compiled
            List<Double> closed = new ArrayList<>();
            List<Double> open = new ArrayList<>();
            for (int turn = 0; turn < TURNS; turn++) {
                boolean looks = turn % 2 == 1;
                try (Viewer _ = looks ? new Viewer(gateway) : null) {
                    Thread.sleep(2_000);
                    long answered = load.answered.get();
                    double cpu = cpuOf(TURN_MILLIS);
                    (looks ? open : closed).add(cpu);
                    System.out.printf(
                            "%s: %.1f %% of a core, %d requests a second%n",
                            looks ? "open" : "closed",
                            cpu * 100,
                            (load.answered.get() - answered) * 1000 / TURN_MILLIS);
                }
            }
            System.out.printf(
                    "an open overview costs %.2f %% of a core (medians)%n", (median(open) - median(closed)) * 100);
        }
    }

    private static double cpuOf(long millis) throws InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        long from = System.nanoTime();
        Thread.sleep(millis);
        return (system.getProcessCpuTime() - before) / (double) (System.nanoTime() - from);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** What the page does: follows the live figures, and asks for series and map every few seconds. */
    private static final class Viewer implements AutoCloseable {

        private final Browser browser;
        private final AtomicBoolean over = new AtomicBoolean();

        Viewer(TestGateway gateway) throws IOException, InterruptedException {
            browser = Browser.loggedIn(gateway);
            InputStream live = browser.live();
            Thread.ofPlatform().daemon().start(() -> drain(live));
            Thread.ofPlatform().daemon().start(this::poll);
        }

        private static void drain(InputStream live) {
            try (live) {
                live.skip(Long.MAX_VALUE);
            } catch (IOException closed) {
                // The turn is over.
            }
        }

        private void poll() {
            while (!over.get()) {
                for (String path : List.of("api/map", "api/series", "api/series?by=route", "api/requests?limit=50")) {
                    try {
                        browser.get(path);
                    } catch (AssertionError closed) {
                        return;
                    }
                }
                LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
            }
        }

        @Override
        public void close() {
            over.set(true);
            browser.close();
        }
    }

    /** Requests at an even rate, over connections that stay open. */
    private static final class Load implements AutoCloseable {

        private final AtomicLong answered = new AtomicLong();
        private volatile boolean over;

        Load(URI address) {
            for (int i = 0; i < CLIENTS; i++) {
                String path = i % 2 == 0 ? "/a" : "/b";
                Thread.ofPlatform().daemon().start(() -> send(address, path));
            }
        }

        private void send(URI address, String path) {
            byte[] request =
                    ("GET " + path + " HTTP/1.1\r\nhost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            long pause = 1_000_000_000L * CLIENTS / RATE;
            try (Socket socket = new Socket(address.getHost(), address.getPort())) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream();
                byte[] buffer = new byte[4096];
                for (long due = System.nanoTime(); !over; due += pause) {
                    long early = due - System.nanoTime();
                    if (early > 0) {
                        LockSupport.parkNanos(early);
                    }
                    out.write(request);
                    if (in.read(buffer) < 0) {
                        return;
                    }
                    answered.incrementAndGet();
                    due = Math.max(due, System.nanoTime() - 10_000_000); // what a pause has held up is not made up for
                }
            } catch (IOException closed) {
                // The gateway has stopped.
            }
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
