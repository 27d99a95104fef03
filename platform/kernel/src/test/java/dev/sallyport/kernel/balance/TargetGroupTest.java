package dev.sallyport.kernel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.BalanceConfig;
import dev.sallyport.kernel.config.HealthConfig;
import dev.sallyport.kernel.config.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TargetGroupTest {

    private static final String AB = "targets: [http://a:1, http://b:1]";
    private static final String ABC = "targets: [http://a:1, http://b:1, http://c:1]";

    private final AtomicLong now = new AtomicLong();

    private TargetGroup group(String... keys) {
        return after(null, keys);
    }

    private TargetGroup after(TargetGroup before, String... keys) {
        return TargetGroup.over("orders", Written.upstream(keys), before, "key".getBytes(), now::get);
    }

    private static Request request(String... headers) {
        return new Request("GET", RequestTarget.parse("/"), Headers.of(headers), Body.empty(), null, null);
    }

    private static String choose(TargetGroup group, Request request, LiveTarget... refused) {
        LiveTarget target = group.choose(request, Set.of(refused));
        return target == null ? "none" : target.url().getHost();
    }

    private static String choose(TargetGroup group, LiveTarget... refused) {
        return choose(group, request(), refused);
    }

    private static String turns(TargetGroup group, int times, LiveTarget... refused) {
        return IntStream.range(0, times).mapToObj(i -> choose(group, refused)).collect(Collectors.joining());
    }

    private static Map<String, Integer> shares(TargetGroup group, int times, LiveTarget... refused) {
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < times; i++) {
            shares.merge(choose(group, refused), 1, Integer::sum);
        }
        return shares;
    }

    private static LiveTarget target(TargetGroup group, String host) {
        return group.targets().stream()
                .filter(target -> target.url().getHost().equals(host))
                .findFirst()
                .orElseThrow();
    }

    private static void fail(TargetGroup group, String host, int times) {
        for (int i = 0; i < times; i++) {
            group.failed(target(group, host), "refused");
        }
    }

    private void ill(TargetGroup group, String... hosts) {
        HealthConfig config = Written.as(HealthConfig.class, "unhealthyAfter: 1\nhealthyAfter: 1\n");
        for (String host : hosts) {
            target(group, host).checked("status 503", config, now.get());
        }
    }

    private void well(TargetGroup group, String... hosts) {
        HealthConfig config = Written.as(HealthConfig.class, "unhealthyAfter: 1\nhealthyAfter: 1\n");
        for (String host : hosts) {
            target(group, host).checked(null, config, now.get());
        }
    }

    @Test
    void takesTurns() {
        assertThat(turns(group(ABC), 6)).isEqualTo("abcabc");
    }

    @Test
    void foreseesWhatTheRequestAloneDecides() {
        TargetGroup hashed = group(ABC, "balance: {consistent-hash: {by: header.x-user}}");
        ill(hashed, "b");

        for (int i = 0; i < 100; i++) {
            Request request = request("x-user", "user " + i);
            assertThat(String.valueOf(hashed.foresee(request).url().getHost())).isEqualTo(choose(hashed, request));
        }
        assertThat(hashed.foresee(request())).isNull();
        assertThat(group("targets: [http://a:1]").foresee(request()).url()).hasHost("a");
    }

    @Test
    void foreseesWhereACookieLeads() {
        TargetGroup sticky = group(ABC, "balance: {sticky: {cookie: sp}}");

        assertThat(sticky.foresee(request())).isNull();
        for (LiveTarget target : sticky.targets()) {
            String cookie = new Sticky(
                            new BalanceConfig.Sticky("sp", null, null), "key".getBytes(), "orders", new Family())
                    .token(target.url());
            assertThat(sticky.foresee(request("cookie", "sp=" + cookie))).isSameAs(target);
        }
    }

    @Test
    void takesNoTurnByForeseeing() {
        TargetGroup group = group(ABC);

        assertThat(choose(group)).isEqualTo("a");
        assertThat(group.foresee(request())).isNull();

        assertThat(turns(group, 2)).isEqualTo("bc");
    }

    @Test
    void spreadsTheTurnsOfAHeavyTarget() {
        TargetGroup group = group("targets: [{url: http://a:1, weight: 5}, http://b:1, http://c:1]");

        assertThat(turns(group, 7)).isEqualTo("aabacaa");
    }

    @Test
    void sharesOutTheTurnsOfARefusedTargetByWeight() {
        TargetGroup group = group("targets: [{url: http://a:1, weight: 7}, {url: http://b:1, weight: 3}, http://c:1]");

        assertThat(shares(group, 400, target(group, "a"))).isEqualTo(Map.of("b", 300, "c", 100));
    }

    @Test
    void hasNoTargetWhereAllAreRefused() {
        TargetGroup group = group(AB);

        assertThat(choose(group, target(group, "a"), target(group, "b"))).isEqualTo("none");
        assertThat(choose(group, target(group, "a"))).isEqualTo("b");
    }

    @Test
    void goesOnInTheNextGenerationWhereItsTargetsAreTheSame() {
        TargetGroup first = group(AB);
        choose(first);

        TargetGroup same = after(first, "# a line above\n" + AB);
        TargetGroup changed = after(first, "targets: [http://a:1, {url: http://b:1, weight: 2}]");

        assertThat(same).isSameAs(first);
        assertThat(choose(same)).isEqualTo("b");
        assertThat(changed).isNotSameAs(first);
    }

    @Test
    void keepsWhatIsKnownOfATargetThatStays() {
        TargetGroup first = group(AB, "outliers: {consecutive: 1}");
        target(first, "a").enter();
        fail(first, "b", 1);

        TargetGroup changed = after(first, ABC, "balance: random", "outliers: {consecutive: 1}");
        changed.update(Written.upstream("targets: [http://b:1, http://a:1, http://d:1]")
                .targets());

        assertThat(target(changed, "a").inFlight()).isEqualTo(1);
        assertThat(shares(changed, 300)).containsOnlyKeys("a", "d");
    }

    @Test
    void isFairToManyThreads() throws InterruptedException {
        TargetGroup group = group("targets: [{url: http://a:1, weight: 3}, http://b:1]");
        Map<String, AtomicInteger> turns = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            threads.add(Thread.ofVirtual()
                    .start(() -> shares(group, 100)
                            .forEach((host, count) -> turns.computeIfAbsent(host, none -> new AtomicInteger())
                                    .addAndGet(count))));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(turns.get("a")).hasValue(7500);
        assertThat(turns.get("b")).hasValue(2500);
    }

    @Test
    void followsAListThatChangesWhileItIsUsed() throws InterruptedException {
        TargetGroup group = group(AB);
        Set<String> chosen = ConcurrentHashMap.newKeySet();
        Thread user = Thread.ofVirtual().start(() -> {
            while (!chosen.contains("z")) {
                chosen.add(choose(group));
            }
        });

        for (char last = 'b'; last <= 'z'; last++) {
            group.update(Written.upstream("targets: [http://a:1, http://" + last + ":1]")
                    .targets());
        }
        user.join();

        assertThat(chosen).doesNotContain("none");
        assertThat(turns(group, 4)).matches("azaz|zaza");
    }

    @Test
    void choosesByChanceAndWeight() {
        TargetGroup group = group("balance: random", "targets: [{url: http://a:1, weight: 3}, http://b:1]");

        assertThat(shares(group, 20_000).get("a")).isCloseTo(15_000, within(500));
    }

    @Test
    void idleTargetsShareByWeightUnderLeastRequests() {
        TargetGroup group = group("balance: least-requests", "targets: [{url: http://a:1, weight: 3}, http://b:1]");

        assertThat(shares(group, 20_000).get("a")).isCloseTo(15_000, within(500));
    }

    @Test
    void choosesTheOneWithFewerRequestsForItsWeight() {
        TargetGroup group = group("balance: least-requests", "targets: [{url: http://a:1, weight: 3}, http://b:1]");
        for (int i = 0; i < 4; i++) {
            target(group, "a").enter();
        }
        target(group, "b").enter();

        assertThat(shares(group, 100)).containsOnlyKeys("b"); // 4 of 3 is more than 1 of 1
        target(group, "b").enter();
        assertThat(shares(group, 100)).containsOnlyKeys("a");
    }

    @Test
    void movesOnlyTheShareOfATargetThatLeavesAndBackAgain() {
        TargetGroup group = group("balance: {consistent-hash: {by: header.x-user}}", ABC);
        Map<String, String> before = users(group);

        group.update(Written.upstream("targets: [http://a:1, http://c:1]").targets());
        Map<String, String> without = users(group);
        group.update(Written.upstream("targets: [http://c:1, http://b:1, http://a:1]")
                .targets());

        assertThat(without).allSatisfy((user, host) -> {
            if (!before.get(user).equals("b")) {
                assertThat(host).isEqualTo(before.get(user));
            }
        });
        assertThat(users(group)).isEqualTo(before);
        assertThat(before.values().stream().filter("b"::equals).count()).isCloseTo(1000L, within(120L));
    }

    @Test
    void hashesByWeight() {
        TargetGroup group = group(
                "balance: {consistent-hash: {by: header.x-user}}",
                "targets: [{url: http://a:1, weight: 3}, http://b:1]");

        assertThat(users(group).values().stream().filter("a"::equals).count()).isCloseTo(2250L, within(120L));
    }

    private static Map<String, String> users(TargetGroup group) {
        Map<String, String> users = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            users.put("user" + i, choose(group, request("x-user", "user" + i)));
        }
        return users;
    }

    @Test
    void passesOverATargetOfAHashThatHasMoreThanItsBound() {
        TargetGroup group = group("balance: {consistent-hash: {by: header.x-user, bound: 1.5}}", AB);
        Request request = request("x-user", "one");
        LiveTarget own = group.choose(request, Set.of());
        assertThat(own).isNotNull();
        own.enter();
        own.enter();

        assertThat(choose(group, request)).isNotEqualTo(own.url().getHost());
        own.leave();
        own.leave();
        assertThat(choose(group, request)).isEqualTo(own.url().getHost());
    }

    @Test
    void usesBackupsOnlyWhereNoOtherIsWell() {
        TargetGroup group = group("targets: [http://a:1, http://b:1, {url: http://c:1, backup: true}]", "panic: off");

        assertThat(shares(group, 100)).containsOnlyKeys("a", "b");
        ill(group, "a");
        assertThat(shares(group, 100)).containsOnlyKeys("b");
        ill(group, "b");
        assertThat(shares(group, 100)).containsOnlyKeys("c");
        assertThat(choose(group, target(group, "c"))).isEqualTo("none");
        well(group, "a");
        assertThat(shares(group, 100)).containsOnlyKeys("a");
    }

    @Test
    void usesAllBelowThePanicThreshold() {
        TargetGroup group = group(ABC);

        ill(group, "a");
        assertThat(shares(group, 100)).containsOnlyKeys("b", "c");
        ill(group, "b");
        assertThat(shares(group, 99)).isEqualTo(Map.of("a", 33, "b", 33, "c", 33));
        assertThat(group.isPanic()).isTrue();
    }

    @Test
    void hasNoTargetWhereNoneIsWellAndPanicIsOff() {
        TargetGroup group = group(AB, "panic: off");

        ill(group, "a", "b");

        assertThat(choose(group)).isEqualTo("none");
    }

    @Test
    void ejectsATargetThatFailsInARowForLongerEachTime() {
        TargetGroup group = group(ABC, "outliers: {consecutive: 3, ejectFor: 10s}");

        fail(group, "a", 2);
        answer(group, "a", 200);
        fail(group, "a", 2);
        assertThat(shares(group, 30)).containsKey("a");
        fail(group, "a", 1);
        assertThat(shares(group, 30)).containsOnlyKeys("b", "c");
        pass(Duration.ofSeconds(10));
        assertThat(shares(group, 30)).containsKey("a");

        fail(group, "a", 3);
        pass(Duration.ofSeconds(19));
        assertThat(shares(group, 30)).containsOnlyKeys("b", "c");
        pass(Duration.ofSeconds(1));
        assertThat(shares(group, 30)).containsKey("a");
    }

    private static void answer(TargetGroup group, String host, int status) {
        LiveTarget target = target(group, host);
        if (group.answered(target, status)) {
            group.succeeded(target);
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void ejectsForStatusesAndByTheirShare() {
        TargetGroup group =
                group(ABC, "outliers: {consecutive: 1000, failureRate: 50%, minimumRequests: 10, statuses: [500-599]}");

        for (int i = 0; i < 9; i++) {
            answer(group, "a", i % 2 == 0 ? 500 : 200);
        }
        assertThat(shares(group, 30)).containsKey("a");
        answer(group, "a", 500);

        assertThat(shares(group, 30)).containsOnlyKeys("b", "c");
    }

    @Test
    void ejectsNoMoreThanItMay() {
        TargetGroup group =
                group("targets: [http://a:1, http://b:1, http://c:1, http://d:1]", "outliers: {consecutive: 1}");

        fail(group, "a", 1);
        fail(group, "b", 1);
        fail(group, "c", 1);

        assertThat(shares(group, 100)).containsOnlyKeys("c", "d");
        TargetGroup alone = group("targets: [http://a:1]", "outliers: {consecutive: 1}");
        fail(alone, "a", 5);
        assertThat(choose(alone)).isEqualTo("a");
    }

    @Test
    void givesATargetThatComesInItsShareSlowly() {
        TargetGroup group = group(AB, "slowStart: 10s");
        assertThat(shares(group, 100)).isEqualTo(Map.of("a", 50, "b", 50));

        group.update(Written.upstream(ABC).targets());
        assertThat(shares(group, 2100).get("c")).isEqualTo(100);
        pass(Duration.ofSeconds(5));
        assertThat(shares(group, 2500).get("c")).isEqualTo(500);
        pass(Duration.ofSeconds(5));
        assertThat(shares(group, 300).get("c")).isEqualTo(100);
    }

    @Test
    void givesATargetThatIsWellAgainItsShareSlowly() {
        TargetGroup group = group(AB, "slowStart: 10s");
        ill(group, "b");
        pass(Duration.ofSeconds(60));
        well(group, "b");

        assertThat(shares(group, 1100).get("b")).isEqualTo(100);
    }

    @Test
    void believesTheFirstCheckAtOnceAndLaterOnesAfterSomeInARow() {
        TargetGroup group = group(AB, "panic: off");
        HealthConfig config = Written.as(HealthConfig.class, "unhealthyAfter: 3\nhealthyAfter: 2\n");
        LiveTarget target = target(group, "a");
        List<Boolean> healthy = new ArrayList<>();

        for (String failure : new String[] {"x", null, null, "x", "x", null, "x", "x", "x"}) {
            target.checked(failure, config, 0);
            healthy.add(target.isHealthy());
        }

        assertThat(healthy).containsExactly(false, false, true, true, true, true, true, true, false);
    }

    @Test
    void countsRequestsOverAllItsTargets() {
        TargetGroup group = group(AB, "maxRequests: 2");
        target(group, "a").enter();
        assertThat(group.hasRoom()).isTrue();
        target(group, "b").enter();
        assertThat(group.hasRoom()).isFalse();
        target(group, "b").leave();
        assertThat(group.hasRoom()).isTrue();
    }
}
