package dev.sallyport.plugins.circuitbreaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Store;
import dev.sallyport.api.StoreUnavailableException;
import dev.sallyport.testkit.FakeContext;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateways that share a store, without their threads: each meets the others when the test says so. */
final class SharedTest {

    private final FakeContext context = FakeContext.create();
    private final Flaky store = new Flaky(context.store("memory"));

    @AfterEach
    void closeContext() {
        context.close();
    }

    /** A gateway, with nothing but the standings of its circuits. */
    private final class Gateway {

        private final Map<String, Standing> circuits = new HashMap<>();
        private final List<String> heard = new ArrayList<>();
        private final Shared shared =
                new Shared(store.store(), "cb", context.clock(), task -> {}, circuits::get, (name, to) -> {
                    heard.add(name + " " + to);
                    circuits.put(name, to);
                });

        void become(String name, Standing standing) {
            circuits.put(name, standing);
            shared.changed(name);
        }
    }

    /** A store that is away when the test says so. */
    private static final class Flaky {

        private final Store real;
        private boolean away;

        Flaky(Store real) {
            this.real = real;
        }

        Store store() {
            return (Store) Proxy.newProxyInstance(
                    Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                        if (away) {
                            throw new StoreUnavailableException("away");
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    private Standing open() {
        return new Standing(State.OPEN, context.clock().millis() + 30_000);
    }

    @Test
    void whatOneHasOpenedTheOthersHearOnceAndWhatItHasClosedToo() {
        Gateway one = new Gateway();
        Gateway other = new Gateway();
        Standing open = open();

        one.become("a", open);
        one.shared.meet();
        other.shared.meet();
        other.shared.meet();
        one.become("a", Standing.CLOSED);
        one.shared.meet();
        other.shared.meet();

        assertThat(other.heard).containsExactly("a " + open, "a closed");
        assertThat(one.heard).isEmpty();
    }

    @Test
    void whoComesLaterKnowsWhatIsOpen() {
        Gateway one = new Gateway();
        one.become("a", open());
        one.shared.meet();

        Gateway later = new Gateway();
        assertThat(later.shared.find("a")).isNull();
        later.shared.meet();

        assertThat(later.shared.find("a")).isEqualTo(one.circuits.get("a"));
        assertThat(later.shared.find("b")).isEqualTo(Standing.CLOSED);
    }

    @Test
    void whatChangedWhileTheStoreWasAwayIsToldWhenItIsBack() {
        Gateway one = new Gateway();
        Gateway other = new Gateway();
        store.away = true;
        one.become("a", open());
        one.shared.meet();
        other.shared.meet();

        store.away = false;
        one.shared.meet();
        other.shared.meet();

        assertThat(other.circuits).containsEntry("a", one.circuits.get("a"));
    }

    @Test
    void aStoreThatHasLostAllIsToldAnewAndClosesNothing() {
        Gateway one = new Gateway();
        Gateway other = new Gateway();
        one.become("a", open());
        one.shared.meet();
        other.become("*", Standing.of(Forced.OPEN));
        other.shared.meet();
        one.shared.meet();
        one.heard.clear();
        other.heard.clear();

        store.real.remove("cb");
        other.shared.meet();
        one.shared.meet();

        assertThat(one.heard).isEmpty();
        assertThat(other.heard).isEmpty();
        assertThat(store.real.get("cb")).contains("a\topen ", "*\tforced-open");
    }

    @Test
    void whatIsForcedStaysSoForAsLongAsAGatewayRuns() {
        Gateway one = new Gateway();
        one.become("a", Standing.of(Forced.CLOSED));
        for (int hours = 0; hours < 24 * 30; hours += 2) {
            one.shared.meet();
            context.clock().advance(Duration.ofHours(2));
        }

        assertThat(store.real.get("cb")).isEqualTo("a\tforced-closed\n");
    }

    @Test
    void whatNobodyHasTriedForLongIsForgotten() {
        Gateway one = new Gateway();
        one.become("a", open());
        one.shared.meet();
        context.clock().advance(Duration.ofHours(2));
        one.shared.meet();

        assertThat(store.real.get("cb")).isEmpty();
    }

    @Test
    void aTextThatSomebodyHasSpoiltIsNoObstacle() {
        store.real.put("cb", "spoilt\n\topen\na\topen x", Duration.ofDays(1));
        Gateway one = new Gateway();

        one.become("a", open());
        one.shared.meet();

        assertThat(store.real.get("cb")).isEqualTo("a\t" + one.circuits.get("a") + "\n");
    }

    /** Whatever happens in which order, and the store being away at times: in the end all agree. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void allAgreeInTheEnd(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Gateway> gateways = List.of(new Gateway(), new Gateway(), new Gateway());
        for (int i = 0; i < 1_000; i++) {
            Gateway gateway = gateways.get(random.nextInt(3));
            context.clock().advance(Duration.ofMillis(random.nextInt(100)));
            switch (random.nextInt(6)) {
                case 0 -> gateway.become("c" + random.nextInt(5), open());
                case 1 -> gateway.become("c" + random.nextInt(5), Standing.CLOSED);
                case 2 -> gateway.become("c" + random.nextInt(5), Standing.of(Forced.OPEN));
                case 3 -> store.away = random.nextInt(4) == 0;
                default -> gateway.shared.meet();
            }
        }
        store.away = false;
        for (int i = 0; i < 2; i++) {
            gateways.forEach(gateway -> gateway.shared.meet());
        }

        for (int i = 0; i < 5; i++) {
            String name = "c" + i;
            assertThat(gateways)
                    .extracting(gateway -> gateway.circuits.getOrDefault(name, Standing.CLOSED))
                    .as(name)
                    .containsOnly(gateways.getFirst().circuits.getOrDefault(name, Standing.CLOSED));
        }
    }
}
