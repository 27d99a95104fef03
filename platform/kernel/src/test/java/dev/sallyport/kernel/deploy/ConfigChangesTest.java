package dev.sallyport.kernel.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Address;
import dev.sallyport.kernel.plugin.OwnerOnly;
import dev.sallyport.kernel.plugin.PluginJar;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random changes of the configuration under load: what serves is always exactly one generation that was committed, and no
 * request fails for it.
 *
 * <p>Each configuration has a serial number, which its steps before routing and those of its routes put into headers, and
 * which says what routes it has. So each answer tells by which configuration each part of the way was made.
 */
final class ConfigChangesTest {

    private static final String JAR = """
        if (config.header().startsWith("boom")) {
            throw new IllegalStateException("boom");
        }
        """;

    @TempDir
    private Path home;

    /** Fixed, so that a failure comes again. */
    private final Random random = new Random(20_261_126);

    private final Map<Integer, Integer> serials = new TreeMap<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int serial;
    private int current;
    private String taken = "";

    @Test
    void oneCommittedGenerationServesWhateverIsChanged() throws Exception {
        change(100);
    }

    @Test
    @Tag("proof")
    void oneCommittedGenerationServesOverTenThousandChanges() throws Exception {
        change(10_000);
    }

    private void change(int changes) throws Exception {
        Path jar = OwnerOnly.createFolder(home.resolve("plugins")).resolve("serial.jar");
        PluginJar.of("serial", "1.0.0")
                .filter(
                        "acme/serial",
                        "x.Serial",
                        JAR + "return (request, next) -> Response.of(200).withHeader(\"x-serial\", config.header());")
                .filter(
                        "acme/mark",
                        "x.Mark",
                        JAR + "return (request, next) ->"
                                + " next.proceed(request).withHeader(\"x-mark\", config.header());")
                .build(jar);
        serial = 1;
        current = 1;
        try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RunningGateway running = RunningGateway.in(home, valid(1))) {
            taken = "127.0.0.1:" + elsewhere.getLocalPort();
            serials.put(1, 1);
            Address address = running.gateway().addresses().get("web");
            try (SerialClients clients = new SerialClients(address, 4)) {
                clients.expect(1);
                for (int i = 0; i < changes; i++) {
                    one(running, clients);
                    check(running, clients);
                }
                clients.check();
                System.out.println(changes + " changes: " + outcomes + ", " + clients.answers() + " answers, "
                        + clients.judged() + " of them while one configuration alone could serve");
                assertThat(clients.judged()).isPositive();
            }
        }
        assertThat(outcomes.keySet()).contains("applied", "refused", "rolled back", "planned", "raced", "released");
    }

    private void one(RunningGateway running, SerialClients clients) throws Exception {
        int kind = random.nextInt(100);
        if (kind < 45) {
            applied(running, clients);
        } else if (kind < 65) {
            refused(running, clients);
        } else if (kind < 80) {
            rolledBack(running, clients);
        } else if (kind < 87) {
            planned(running, clients);
        } else if (kind < 94) {
            raced(running, clients);
        } else {
            released(running, clients);
        }
    }

    private void applied(RunningGateway running, SerialClients clients) {
        int next = ++serial;
        clients.allow(current, next);
        ReloadResult result = put(running, valid(next), null);
        assertThat(result.applied()).as("%s", result.problems()).isTrue();
        came(result, next, clients, "applied");
    }

    private void refused(RunningGateway running, SerialClients clients) {
        int next = ++serial;
        ReloadResult result = put(running, invalid(next), null);
        assertThat(result.applied()).isFalse();
        assertThat(result.problems()).isNotEmpty();
        assertThat(running.gateway().generation().number()).isEqualTo(result.generation());
        clients.expect(current);
        count("refused");
    }

    private void rolledBack(RunningGateway running, SerialClients clients) {
        List<GenerationRecord> kept = running.gateway().history().newestFirst();
        int to = kept.get(random.nextInt(kept.size())).number();
        int then = serials.get(to);
        clients.allow(current, then);
        ReloadResult result = running.gateway().rollback(to, "test", "");
        assertThat(result.applied()).as("%s", result.problems()).isTrue();
        came(result, then, clients, "rolled back");
    }

    private void planned(RunningGateway running, SerialClients clients) {
        int next = ++serial;
        Planned planned = running.gateway().plan(upload(valid(next), null));
        assertThat(planned.plan()).isNotNull();
        clients.expect(current);
        count("planned");
    }

    /** Two who have seen the same generation: one of them comes too late. */
    private void raced(RunningGateway running, SerialClients clients) throws Exception {
        int seen = running.gateway().generation().number();
        int one = ++serial;
        int other = ++serial;
        clients.allow(current, one, other);
        Map<Integer, ReloadResult> won = new HashMap<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int mine : List.of(one, other)) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                    ReloadResult result = put(running, valid(mine), seen);
                    synchronized (won) {
                        won.put(mine, result);
                    }
                } catch (CommandRefusedException late) {
                    assertThat(late.why()).isEqualTo(CommandRefusedException.Why.CHANGED_MEANWHILE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(won).hasSize(1);
        int winner = won.keySet().iterator().next();
        came(won.get(winner), winner, clients, "raced");
    }

    private void released(RunningGateway running, SerialClients clients) {
        ReloadResult result = running.gateway().apply(new Change("test", "apply", ""));
        assertThat(result.applied()).as("%s", result.problems()).isTrue();
        came(result, current, clients, "released");
    }

    private void came(ReloadResult result, int now, SerialClients clients, String outcome) {
        current = now;
        serials.put(result.generation(), now);
        clients.expect(now);
        count(outcome);
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    /** The generation that serves is the newest that is recorded, and its record says what its number is known to be. */
    private void check(RunningGateway running, SerialClients clients) throws Exception {
        History history = running.gateway().history();
        GenerationRecord newest = history.newestFirst().getFirst();
        assertThat(running.gateway().generation().number()).isEqualTo(newest.number());
        assertThat(history.texts(newest).get("gateway.yaml")).contains("mark: {header: \"" + current + "\"}");
        clients.check();
    }

    private static Upload upload(String yaml, @Nullable Integer seen) {
        Matcher more = MORE.matcher(yaml);
        String head = more.find() ? HEAD.replace("}]", "}, " + more.group(1) + "]") : HEAD;
        return new Upload(Map.of("gateway.yaml", head + yaml), null, true, false, seen);
    }

    private static ReloadResult put(RunningGateway running, String yaml, @Nullable Integer seen) {
        return running.gateway().put(upload(yaml, seen), new Change("test", "apply", ""));
    }

    /** A further listener, written as a comment since the others stand in another place. */
    private static final Pattern MORE = Pattern.compile("# more (.*)");

    private static final String HEAD = """
        listeners: [{name: web, address: "127.0.0.1:0"}]
        status: {address: "127.0.0.1:0"}
        """;

    private String valid(int number) {
        StringBuilder yaml = new StringBuilder("""
            admin: {address: "127.0.0.1:0"}
            source: api
            plugins: [{acme/mark: {header: "%1$d"}}]
            routes:
            """.formatted(number));
        for (int i = 0; i < SerialClients.ROUTES; i++) {
            if (SerialClients.hasRoute(number, i)) {
                yaml.append("  - {name: r%d, match: {paths: [/r%d]}, plugins: [{acme/serial: {header: \"%d\"}}]}\n"
                        .formatted(i, i, number));
            }
        }
        if (random.nextBoolean()) {
            yaml.append("upstreams: {up: {targets: [\"http://127.0.0.1:1\"], timeouts: {connect: %dms}}}\n"
                    .formatted(100 + random.nextInt(900)));
        }
        if (random.nextInt(4) == 0) {
            yaml.append("# more {name: more, address: \"127.0.0.1:0\"}\n");
        }
        if (random.nextInt(4) == 0) {
            yaml.append("limits: {inFlight: %d}\n".formatted(1_000 + random.nextInt(1_000)));
        }
        return yaml.toString();
    }

    private String invalid(int number) {
        String yaml = valid(number);
        return switch (random.nextInt(9)) { // the last one fails at the very end, when listeners are bound
            case 0 -> yaml + "nonsense: 1\n";
            case 1 -> yaml.replace("paths: [/r0]", "paths: [r0]");
            case 2 -> yaml.replace("acme/serial", "acme/nothing");
            case 3 -> yaml.replace("mark: {header: \"", "mark: {header: \"boom");
            case 4 -> yaml + "chains: [\n";
            case 5 -> yaml + "chains: {r0: [], r0: []}\n";
            case 6 -> yaml.replace("source: api\n", "");
            case 7 -> yaml.replace("plugins: [{acme/serial", "upstream: nowhere, plugins: [{acme/serial");
            default -> yaml.replaceAll("# more.*\n", "") + "# more {name: taken, address: \"" + taken + "\"}\n";
        };
    }
}
