package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code kill -9} while the admin API brings one configuration after the other, with wrong ones and rollbacks between: what
 * serves after the start is the last generation that was recorded, as a whole, and nothing that was acknowledged is lost.
 */
final class KilledInChangesIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Fixed, so that a failure comes again as nearly as a process lets it. */
    private final Random random = new Random(20_261_127);

    private int serial = 1;

    /** The last that was acknowledged to serve. */
    private int acknowledged = 1;

    /** The one that was under way when the gateway was killed; the acknowledged one where none was. */
    private int begun = 1;

    private int changes;

    @Test
    void whatServesAfterAKillIsOneCommittedGeneration() throws IOException {
        killAndStart(3);
    }

    @Test
    @Tag("proof")
    void whatServesAfterAHundredKillsIsOneCommittedGeneration() throws IOException {
        killAndStart(100);
    }

    /** Its number stands before routing, in the route's steps and in the route's path. */
    private static String config(int number) {
        return Product.web("""
            source: api
            plugins: [{headers: {response: {set: {x-mark: "%1$d"}}}}]
            routes:
              - {name: always, match: {paths: [/always]}, plugins: [{respond: {body: "%1$d"}}]}
              - {name: own, match: {paths: [/own/%1$d]}, plugins: [{respond: {body: "%1$d"}}]}
            """.formatted(number));
    }

    private void killAndStart(int kills) throws IOException {
        Product product = Product.with(config(1)).start();
        try {
            for (int i = 0; i < kills; i++) {
                changeUntilKilled(product);
                product = product.again();
                check(product);
            }
            System.out.println(kills + " kills in " + changes + " changes");
        } finally {
            product.close();
        }
    }

    private void changeUntilKilled(Product product) {
        Client admin = product.admin().with("Content-Type", "application/yaml");
        AtomicBoolean killed = new AtomicBoolean();
        long delay = TimeUnit.MILLISECONDS.toNanos(random.nextInt(1_500));
        Thread killer = Thread.ofPlatform().start(() -> {
            LockSupport.parkNanos(delay);
            killed.set(true);
            product.kill();
        });
        while (killer.isAlive()) {
            try {
                change(admin);
            } catch (RuntimeException | AssertionError broken) {
                if (!killed.get()) {
                    throw broken;
                }
                break;
            }
        }
        try {
            killer.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void change(Client admin) {
        changes++;
        int kind = random.nextInt(10);
        if (kind < 2) {
            String wrong = config(++serial).replace("match: {paths: [/own", "match: {pahts: [/own");
            assertThat(admin.send("PUT", "/v1/config", BodyPublishers.ofString(wrong))
                            .statusCode())
                    .isEqualTo(422);
        } else if (kind < 4) {
            JsonNode list = JSON.readTree(admin.get("/v1/generations").body());
            JsonNode to = list.get(random.nextInt(Math.min(list.size(), 5)));
            // Its content is known only by what it serves then.
            begun = 0;
            HttpResponse<String> answer =
                    admin.post("/v1/generations/" + to.path("number").asInt() + "/rollback", "");
            assertThat(answer.statusCode()).isEqualTo(200);
            acknowledged = serves(JSON.readTree(admin.get("/v1/config").body()));
            begun = acknowledged;
        } else {
            begun = ++serial;
            HttpResponse<String> answer = admin.send("PUT", "/v1/config", BodyPublishers.ofString(config(begun)));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            acknowledged = begun;
        }
    }

    private static int serves(JsonNode config) {
        return Integer.parseInt(
                config.at("/config/plugins/0/headers/response/set/x-mark").asString(""));
    }

    private void check(Product product) throws IOException {
        HttpResponse<String> always = product.client().get("/always");
        int mark = Integer.parseInt(always.headers().firstValue("x-mark").orElse("0"));
        assertThat(always.body()).isEqualTo(Integer.toString(mark));
        assertThat(product.client().get("/own/" + mark).body()).isEqualTo(Integer.toString(mark));
        if (begun != 0) {
            assertThat(mark).isIn(acknowledged, begun);
        }
        JsonNode config = JSON.readTree(product.admin().get("/v1/config").body());
        assertThat(serves(config)).isEqualTo(mark);
        assertThat(config.path("generation").asInt()).isEqualTo(newestOnDisk(product));
        acknowledged = mark;
        begun = mark;
    }

    private static int newestOnDisk(Product product) throws IOException {
        try (Stream<Path> files = Files.list(product.home().resolve("data/generations"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> Integer.parseInt(name.replace(".json", "")))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}
