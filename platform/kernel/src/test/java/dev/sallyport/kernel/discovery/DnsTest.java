package dev.sallyport.kernel.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import dev.sallyport.kernel.config.Address;
import dev.sallyport.testkit.WatchedEndpoints;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;

final class DnsTest {

    private static final Discovery.Query ORDERS = new Discovery.Query("orders.test", null, "http");
    private static final Discovery.Query SERVICE = new Discovery.Query("_http._tcp.orders.test", null, "https");

    private NameServer server;

    @BeforeEach
    void start() throws IOException {
        server = NameServer.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Discovery addresses() {
        return addresses(Duration.ofHours(1));
    }

    private Discovery addresses(Duration hold) {
        return new DnsAddresses(8080, DnsClient.asking(Address.parse(server.address())), hold);
    }

    private Discovery services() {
        return new DnsServices(DnsClient.asking(Address.parse(server.address())), Duration.ofHours(1));
    }

    @Test
    void addressesOfBothKindsAreTargets() throws IOException {
        server.answers("orders.test. 60 A 127.0.0.1", "orders.test. 60 A 127.0.0.2", "orders.test. 60 AAAA ::1");

        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(), ORDERS)) {
            watched.await("http://127.0.0.1:8080", "http://127.0.0.2:8080", "http://[0:0:0:0:0:0:0:1]:8080");
        }
    }

    @Test
    void aliasesAreFollowed() throws IOException {
        server.answers(
                "orders.test. 60 CNAME pool.test.", "pool.test. 60 CNAME blue.test.", "blue.test. 60 A 127.0.0.3");

        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(), ORDERS)) {
            watched.await("http://127.0.0.3:8080");
        }
    }

    @Test
    void anAnswerIsAskedForAgainWhenItIsTooOld() throws IOException {
        server.answers("orders.test. 0 A 127.0.0.1");
        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(), ORDERS)) {
            watched.await("http://127.0.0.1:8080");

            server.answers("orders.test. 1 A 127.0.0.2");
            watched.await("http://127.0.0.2:8080");
        }
    }

    @Test
    void aNameThatIsNotThereHasNoTargetsAndIsAskedForAgain() throws IOException {
        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(), ORDERS)) {
            watched.await();

            server.answers("orders.test. 60 A 127.0.0.1");
            watched.await("http://127.0.0.1:8080");
            assertThat(watched.failures()).isEmpty();
        }
    }

    @Test
    void aNameThatVanishesIsNoAnswerForAWhile() throws IOException {
        server.answers("orders.test. 1 A 127.0.0.1");
        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(), ORDERS)) {
            watched.await("http://127.0.0.1:8080");

            server.answers();
            watched.awaitFailures(2);
            assertThat(watched.failures().getFirst()).contains("the name server has no record of orders.test any more");
            assertThat(watched.now()).hasSize(1);

            server.answers("orders.test. 1 A 127.0.0.2");
            watched.await("http://127.0.0.2:8080");
        }
    }

    @Test
    void aNameThatStaysAwayHasNoTargets() throws IOException {
        server.answers("orders.test. 1 A 127.0.0.1");
        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(Duration.ofMillis(300)), ORDERS)) {
            watched.await("http://127.0.0.1:8080");

            server.answers();

            watched.await();
            assertThat(watched.failures()).as("not at once").isNotEmpty();
        }
    }

    @Test
    void aNameThatVanishesHasNoTargetsAtOnceWhereNothingIsHeld() throws IOException {
        server.answers("orders.test. 1 A 127.0.0.1");
        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(Duration.ZERO), ORDERS)) {
            watched.await("http://127.0.0.1:8080");

            server.answers();

            watched.await();
            assertThat(watched.failures()).isEmpty();
        }
    }

    @Test
    void aServiceThatVanishesIsNoAnswerForAWhileAndOneThatSaysSoHasNoTargets() throws IOException {
        server.answers("_http._tcp.orders.test. 1 SRV 10 1 8443 a.test.");
        try (WatchedEndpoints watched = WatchedEndpoints.of(services(), SERVICE)) {
            watched.await("https://a.test:8443");

            server.answers();
            watched.awaitFailures(1);
            assertThat(watched.now()).hasSize(1);

            server.answers("_http._tcp.orders.test. 1 SRV 0 0 0 .");
            watched.await();
        }
    }

    @Test
    void aServerThatCannotTellIsNoAnswer() throws IOException {
        server.failsWith(Rcode.SERVFAIL);

        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(), ORDERS)) {
            watched.awaitFailures(1);

            assertThat(watched.lists()).isEmpty();
            assertThat(watched.failures().getFirst()).contains("the name server answers SERVFAIL for orders.test.");
        }
    }

    @Test
    void whatIsCutOffIsAskedForByTcp() throws IOException {
        server.answers("orders.test. 60 A 127.0.0.1").truncates();

        try (WatchedEndpoints watched = WatchedEndpoints.of(addresses(), ORDERS)) {
            watched.await("http://127.0.0.1:8080");

            assertThat(server.udpQuestions()).isPositive();
            assertThat(server.tcpQuestions()).isPositive();
        }
    }

    @Test
    void serviceRecordsTellPortWeightAndPriority() throws IOException {
        server.answers(
                "_http._tcp.orders.test. 60 SRV 10 60000 8443 a.test.",
                "_http._tcp.orders.test. 60 SRV 10 30000 8444 b.test.",
                "_http._tcp.orders.test. 60 SRV 10 0 8445 c.test.",
                "_http._tcp.orders.test. 60 SRV 20 5 8446 d.test.");

        try (WatchedEndpoints watched = WatchedEndpoints.of(services(), SERVICE)) {
            watched.await("https://a.test:8443", "https://b.test:8444", "https://c.test:8445", "https://d.test:8446");

            assertThat(watched.now())
                    .containsExactly(
                            new Endpoint(URI.create("https://a.test:8443"), 1000, false),
                            new Endpoint(URI.create("https://b.test:8444"), 500, false),
                            new Endpoint(URI.create("https://c.test:8445"), 1, false),
                            new Endpoint(URI.create("https://d.test:8446"), 1, true));
        }
    }

    @Test
    void theServiceRecordThatSaysThereIsNoneIsNoTarget() throws IOException {
        server.answers("_http._tcp.orders.test. 60 SRV 0 0 0 .");

        try (WatchedEndpoints watched = WatchedEndpoints.of(services(), SERVICE)) {
            watched.await();
        }
    }

    @Test
    void howLongAnAnswerIsTrueIsBounded() {
        assertThat(DnsClient.bounded(0)).hasSeconds(1);
        assertThat(DnsClient.bounded(30)).hasSeconds(30);
        assertThat(DnsClient.bounded(Integer.MAX_VALUE)).hasMinutes(5);
    }
}
