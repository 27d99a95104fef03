package dev.sallyport.plugins.jwtauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.JWKSet;
import dev.sallyport.testkit.FakeContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class KeysTest {

    private final FakeContext context = FakeContext.create();
    private final List<CompletableFuture<KeySet>> fetches = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Keys keys = new Keys(
            () -> {
                CompletableFuture<KeySet> fetch = new CompletableFuture<>();
                fetches.add(fetch);
                return fetch;
            },
            Duration.ofMinutes(10),
            Duration.ofHours(2),
            context.clock(),
            context.logger(),
            "jwt-auth/orders/auth");

    @AfterEach
    void close() {
        threads.shutdownNow();
        context.close();
    }

    @Test
    void fetchesOnceForAllWhoWait() throws Exception {
        KeySet set = keySet();
        List<Future<KeySet>> waiting = new ArrayList<>();
        keys.ask();
        for (int i = 0; i < 100; i++) {
            waiting.add(threads.submit(keys::current));
        }
        fetches.getFirst().complete(set);
        for (Future<KeySet> one : waiting) {
            assertThat(one.get()).isSameAs(set);
        }

        assertThat(fetches).hasSize(1);
    }

    @Test
    void saysAtOnceThatThereAreNoKeysUntilItMayAskAgain() {
        keys.ask();
        fail(0);

        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(keys::current);
        assertThat(fetches).hasSize(1);
        context.clock().advance(Keys.PAUSE);
        keys.ask();

        assertThat(fetches).hasSize(2);
    }

    @Test
    void usesTheKeysThatAreThereWhileItFetchesThemAgain() throws Exception {
        KeySet first = fetched(0);
        context.clock().advance(Duration.ofMinutes(10));

        KeySet meanwhile = keys.current();
        KeySet second = fetched(1);

        assertThat(meanwhile).isSameAs(first);
        assertThat(keys.current()).isSameAs(second);
        assertThat(fetches).hasSize(2);
    }

    @Test
    void waitsForNewKeysWhereThoseThatAreThereAreTwiceTooOld() throws Exception {
        fetched(0);
        context.clock().advance(Duration.ofMinutes(20));
        KeySet second = keySet();
        CompletableFuture<KeySet> asked = keys.ask();
        fetches.get(1).complete(second);

        assertThat(asked).isCompleted();
        assertThat(keys.current()).isSameAs(second);
    }

    @Test
    void usesOldKeysWhileTheProviderIsDownButNotForEver() throws Exception {
        KeySet first = fetched(0);
        context.clock().advance(Duration.ofMinutes(30));
        keys.ask();
        fail(1);

        KeySet whileDown = keys.current();
        context.clock().advance(Duration.ofMinutes(89));
        KeySet late = keys.current();
        fail(2);
        context.clock().advance(Duration.ofMinutes(1));
        keys.ask();
        fail(3);

        assertThat(whileDown).isSameAs(first);
        assertThat(late).isSameAs(first);
        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(keys::current);
    }

    @Test
    void recoversWhenTheProviderIsBack() throws Exception {
        fetched(0);
        context.clock().advance(Duration.ofMinutes(30));
        keys.ask();
        fail(1);
        context.clock().advance(Keys.PAUSE);

        keys.current();
        KeySet back = fetched(2);

        assertThat(keys.current()).isSameAs(back);
        assertThat(context.log())
                .containsExactly(
                        "WARNING jwt-auth/orders/auth: the keys cannot be fetched: connection refused",
                        "INFO jwt-auth/orders/auth: the keys are there again");
    }

    @Test
    void asksAtOnceForAnUnknownKeyButNotTooOften() throws Exception {
        KeySet last = fetched(0);
        for (int i = 1; i < Keys.BURST; i++) {
            KeySet lacking = last;
            Future<KeySet> waiting = threads.submit(() -> keys.renewed(lacking, set -> true));
            last = answered(i);
            assertThat(waiting.get()).isSameAs(last);
        }

        KeySet tooOften = keys.renewed(last, set -> false);
        context.clock().advance(Keys.PAUSE);
        KeySet lacking = last;
        Future<KeySet> waiting = threads.submit(() -> keys.renewed(lacking, set -> true));
        KeySet later = answered(Keys.BURST);

        assertThat(tooOften).isSameAs(last);
        assertThat(waiting.get()).isSameAs(later);
        assertThat(fetches).hasSize(Keys.BURST + 1);
    }

    @Test
    void asksAgainWhereTheFetchUnderWayCameTooEarlyForTheKey() throws Exception {
        KeySet first = fetched(0);
        keys.ask();
        AtomicReference<KeySet> later = new AtomicReference<>();

        Future<KeySet> waiting = threads.submit(() -> keys.renewed(first, set -> set == later.get()));
        answered(1);
        KeySet second = keySet();
        later.set(second);
        await().until(() -> fetches.size() == 3);
        fetches.get(2).complete(second);

        assertThat(waiting.get()).isSameAs(second);
    }

    @Test
    void takesTheKeysThatAnotherHasFetchedMeanwhile() throws Exception {
        KeySet first = fetched(0);
        KeySet second = fetched(1);

        assertThat(keys.renewed(first, set -> set == second)).isSameAs(second);
        assertThat(fetches).hasSize(2);
    }

    @Test
    void saysNothingOfAnUnknownKeyWhileTheProviderIsDown() throws Exception {
        KeySet first = fetched(0);
        context.clock().advance(Keys.PAUSE);
        keys.ask();
        fail(1);

        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(() -> keys.renewed(first, set -> false));
        assertThat(keys.current()).isSameAs(first);
    }

    @Test
    void givesUpAFetchWhenItIsClosed() {
        keys.ask();

        keys.close();
        fetches.getFirst().cancel(true);

        assertThat(context.log()).isEmpty();
    }

    private KeySet fetched(int fetch) throws Exception {
        KeySet set = keySet();
        keys.ask();
        fetches.get(fetch).complete(set);
        return set;
    }

    /** Answers a fetch that another thread is about to begin. */
    private KeySet answered(int fetch) throws Exception {
        await().until(() -> fetches.size() > fetch);
        KeySet set = keySet();
        fetches.get(fetch).complete(set);
        return set;
    }

    private void fail(int fetch) {
        fetches.get(fetch).completeExceptionally(new KeysUnavailableException("connection refused", null));
    }

    private static KeySet keySet() throws Exception {
        return KeySet.parse(
                new JWKSet(Tokens.ecKey("k").toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8));
    }
}
