package dev.sallyport.kernel.balance;

import static dev.sallyport.kernel.deploy.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.deploy.RunningGateway;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Targets fail under load, one after the other and in each way there is. With {@code -Pproof} a hundred times as often; the
 * figures that it prints are those of docs/proofs/balancing.md.
 */
final class BalancingTest {

    private static final boolean PROOF = Boolean.getBoolean("sallyport.proof");
    private static final int OVERLOAD = 1_500;
    private static final int ROUNDS = PROOF ? 100 : 2;
    private static final int REQUESTS = PROOF ? 20_000 : 1_000;
    private static final int CLIENTS = 16;

    /** No answer may take longer than all time limits of a request together, and what a busy machine adds. */
    private static final long LONGEST_MILLIS = 15_000;

    @TempDir
    private Path home;

    private final List<Service> services = new ArrayList<>();

    private String targets(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            services.add(new Service(Character.toString('a' + i)));
        }
        return String.join(", ", services.stream().map(Service::url).toList());
    }

    private void stop() throws IOException {
        for (Service service : services) {
            service.close();
        }
        services.clear();
    }

    /** Sends one request after the other over a connection of its own, until it is told to end. */
    private static final class Load implements AutoCloseable {

        final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
        final AtomicInteger sent = new AtomicInteger();
        final AtomicLong longest = new AtomicLong();
        private final Address address;
        private final List<Thread> clients = new ArrayList<>();
        private volatile boolean over;

        Load(Address address) {
            this(address, CLIENTS);
        }

        Load(Address address, int count) {
            this.address = address;
            for (int i = 0; i < count; i++) {
                clients.add(Thread.ofVirtual().start(this::run));
            }
        }

        private void run() {
            try (Socket socket = new Socket("127.0.0.1", address.port())) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(60_000);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                while (!over) {
                    long begin = System.nanoTime();
                    sent.incrementAndGet();
                    socket.getOutputStream()
                            .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    String answer = answer(in);
                    note(answer);
                    if (answer.equals("503")) {
                        Thread.sleep(20); // a client's own pace, where it is told to come back later
                    }
                    longest.accumulateAndGet((System.nanoTime() - begin) / 1_000_000, Math::max);
                }
            } catch (IOException | InterruptedException e) {
                note("broken: " + e);
            }
        }

        private static String answer(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("the gateway closed the connection");
                }
                head.append((char) b);
            }
            int length = 0;
            for (String line : head.toString().split("\r\n", -1)) {
                if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            String status = head.substring(9, 12);
            return status.equals("200") ? body : status;
        }

        private void note(String answer) {
            answers.computeIfAbsent(answer, none -> new AtomicInteger()).incrementAndGet();
        }

        int count(String... of) {
            int sum = 0;
            for (String one : of) {
                AtomicInteger count = answers.get(one);
                sum += count == null ? 0 : count.get();
            }
            return sum;
        }

        @Override
        public void close() {
            over = true;
            for (Thread client : clients) {
                try {
                    client.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Test
    void onlyRequestsInFlightToATargetThatFailsFail() throws Exception {
        String config = """
            upstreams:
              orders:
                targets: [%s]
                balance: least-requests
                timeouts: {connect: 1s, firstByte: 1s}
                outliers: {consecutive: 3, ejectFor: 500ms, ejectForAtMost: 1s}
                health: {path: /healthz, interval: 100ms, timeout: 500ms, unhealthyAfter: 1, healthyAfter: 1}
            routes: [{name: orders, match: {paths: [/**]}, upstream: orders}]
            """.formatted(targets(4));
        int killed = 0;
        int reset = 0;
        int hung = 0;
        try (RunningGateway running = RunningGateway.in(home, config)) {
            Load load = new Load(running.gateway().addresses().get("web"));
            try (load) {
                for (int round = 0; round < ROUNDS; round++) {
                    Service service = services.get(round % services.size());
                    awaitAnswers(load, 200);
                    killed += during(load, () -> {
                        service.kill();
                        awaitAnswers(load, 500);
                        service.start();
                    });
                    awaitUse(service);
                    reset += during(load, () -> {
                        service.mood = Service.Mood.RESETS;
                        awaitAnswers(load, 500);
                        service.mood = Service.Mood.ANSWERS;
                    });
                    awaitUse(service);
                    hung += during(load, () -> {
                        service.mood = Service.Mood.HANGS;
                        await(() -> load.count("504") > 0);
                        awaitAnswers(load, 500);
                        service.mood = Service.Mood.ANSWERS;
                        service.kill(); // what hangs would hang on
                        service.start();
                    });
                    awaitUse(service);
                }
            }
            System.out.printf(
                    "%d rounds, %d requests by %d clients: %s; failed while a target was killed %d, reset %d, hung %d;"
                            + " longest %d ms%n",
                    ROUNDS,
                    load.sent.get(),
                    CLIENTS,
                    new TreeMap<>(load.answers),
                    killed,
                    reset,
                    hung,
                    load.longest.get());

            assertThat(load.answers.keySet()).isSubsetOf("a", "b", "c", "d", "502", "504");
            // Each client has one request in flight: those are all that can fail at once, before the target is left
            // out.
            assertThat(killed).isLessThanOrEqualTo(ROUNDS * CLIENTS);
            assertThat(reset).isLessThanOrEqualTo(ROUNDS * 2 * CLIENTS);
            assertThat(hung).isLessThanOrEqualTo(ROUNDS * 2 * CLIENTS);
            assertThat(load.longest.get()).isLessThan(LONGEST_MILLIS);
        } finally {
            stop();
        }
    }

    /** Something that is done to a target. */
    private interface Deed {
        void done() throws Exception;
    }

    /** How many requests failed meanwhile. */
    private static int during(Load load, Deed deed) throws Exception {
        int before = load.count("502", "503", "504");
        deed.done();
        return load.count("502", "503", "504") - before;
    }

    private static void awaitAnswers(Load load, int count) throws InterruptedException {
        int from = load.sent.get();
        await(() -> load.sent.get() >= from + count);
    }

    private static void awaitUse(Service service) throws InterruptedException {
        int from = service.requests.get();
        await(() -> service.requests.get() > from + 5);
    }

    @Test
    void anOverloadedUpstreamIsSentWhatItCanDo() throws Exception {
        int all = queueUnderOverload("");
        int bounded = queueUnderOverload(", adaptiveConcurrency: {}");

        assertThat(bounded).isLessThan(all / 2);
    }

    /** How many requests wait in two targets on average that can work on two each, of 64 that come at once. */
    private int queueUnderOverload(String keys) throws Exception {
        String config = "upstreams: {orders: {targets: [" + targets(2) + "]" + keys
                + "}}\nroutes: [{name: orders, match: {paths: [/**]}, upstream: orders}]\n";
        services.forEach(service -> {
            service.delayMillis = 20;
            service.workers = new Semaphore(2);
        });
        try (RunningGateway running = RunningGateway.in(home.resolve("overload" + keys.length()), config)) {
            Load load = new Load(running.gateway().addresses().get("web"), 64);
            List<Integer> queues = new ArrayList<>();
            try (load) {
                await(() -> load.count("a", "b") >= OVERLOAD); // until it has settled
                int from = load.count("a", "b");
                int refused = load.count("503");
                long begin = System.nanoTime();
                await(() -> {
                    queues.add(services.stream()
                            .mapToInt(service -> service.waiting.get())
                            .sum());
                    return load.count("a", "b") - from >= OVERLOAD;
                });
                double seconds = (System.nanoTime() - begin) / 1e9;
                double queue =
                        queues.stream().mapToInt(Integer::intValue).average().orElseThrow();
                System.out.printf(
                        "overload%s: %.0f answers a second, %.0f refused a second, %.1f wait in the targets%n",
                        keys, (load.count("a", "b") - from) / seconds, (load.count("503") - refused) / seconds, queue);
                return (int) queue;
            }
        } finally {
            stop();
        }
    }

    @Test
    void aSlowTargetHasASmallShareUnderLeastRequests() throws Exception {
        int turns = shareOfSlow("round-robin");
        int least = shareOfSlow("least-requests");

        assertThat(least).isLessThan(turns / 2);
    }

    /** How many of a thousand requests a target gets that takes ten times as long as the three beside it. */
    private int shareOfSlow(String balance) throws Exception {
        String config = "upstreams: {orders: {balance: " + balance + ", targets: [" + targets(4)
                + "]}}\nroutes: [{name: orders, match: {paths: [/**]}, upstream: orders}]\n";
        services.forEach(service -> service.delayMillis = 5);
        services.getFirst().delayMillis = 50;
        try (RunningGateway running = RunningGateway.in(home.resolve(balance), config)) {
            Load load = new Load(running.gateway().addresses().get("web"));
            try (load) {
                long begin = System.nanoTime();
                await(() -> load.sent.get() >= REQUESTS);
                System.out.printf(
                        "%s: %.0f requests a second%n", balance, load.sent.get() / ((System.nanoTime() - begin) / 1e9));
            }
            int share = 1000 * load.count("a") / load.count("a", "b", "c", "d");
            System.out.printf("%s: %d of 1000 requests to the slow one of four; %s%n", balance, share, load.answers);
            return share;
        } finally {
            stop();
        }
    }
}
