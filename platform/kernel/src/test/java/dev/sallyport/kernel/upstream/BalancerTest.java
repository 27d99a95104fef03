package dev.sallyport.kernel.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.UpstreamConfig.Target;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BalancerTest {

    private static final URI A = URI.create("http://a:1");
    private static final URI B = URI.create("http://b:1");
    private static final URI C = URI.create("http://c:1");

    private static Target target(URI url, int weight, int line) {
        return new Target(url, weight, new Place("gateway.yaml", line, 1));
    }

    private static List<URI> choose(Balancer balancer, int times, Set<URI> excluded) {
        return IntStream.range(0, times)
                .mapToObj(i -> balancer.choose(excluded))
                .toList();
    }

    @Test
    void takesTurns() {
        Balancer balancer = Balancer.over(List.of(target(A, 1, 1), target(B, 1, 2), target(C, 1, 3)), null);

        assertThat(choose(balancer, 6, Set.of())).containsExactly(A, B, C, A, B, C);
    }

    @Test
    void spreadsTheTurnsOfAHeavyTarget() {
        Balancer balancer = Balancer.over(List.of(target(A, 5, 1), target(B, 1, 2), target(C, 1, 3)), null);

        assertThat(choose(balancer, 7, Set.of())).containsExactly(A, A, B, A, C, A, A);
    }

    @Test
    void sharesOutTheTurnsOfAnExcludedTargetByWeight() {
        Balancer balancer = Balancer.over(List.of(target(A, 7, 1), target(B, 3, 2), target(C, 1, 3)), null);

        Map<URI, Long> turns = choose(balancer, 400, Set.of(A)).stream()
                .collect(Collectors.groupingBy(url -> url, Collectors.counting()));

        assertThat(turns).isEqualTo(Map.of(B, 300L, C, 100L));
    }

    @Test
    void hasNoTargetWhereAllAreExcluded() {
        assertThat(Balancer.over(List.of(target(A, 1, 1), target(B, 1, 2)), null)
                        .choose(Set.of(A, B)))
                .isNull();
        assertThat(Balancer.over(List.of(target(A, 1, 1)), null).choose(Set.of(A)))
                .isNull();
        assertThat(Balancer.over(List.of(target(A, 1, 1)), null).choose(Set.of(B)))
                .isEqualTo(A);
    }

    @Test
    void goesOnWhereItWasInTheNextGenerationOfTheSameTargets() {
        Balancer first = Balancer.over(List.of(target(A, 1, 1), target(B, 1, 2)), null);
        first.choose(Set.of());

        Balancer moved = Balancer.over(List.of(target(A, 1, 11), target(B, 1, 12)), first);
        Balancer changed = Balancer.over(List.of(target(A, 1, 1), target(B, 2, 2)), first);

        assertThat(moved).isSameAs(first);
        assertThat(moved.choose(Set.of())).isEqualTo(B);
        assertThat(changed).isNotSameAs(first);
    }

    @Test
    void isFairToManyThreads() throws InterruptedException {
        Balancer balancer = Balancer.over(List.of(target(A, 3, 1), target(B, 1, 2)), null);
        Map<URI, AtomicInteger> turns = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            threads.add(Thread.ofVirtual()
                    .start(() -> choose(balancer, 100, Set.of())
                            .forEach(url -> turns.computeIfAbsent(url, none -> new AtomicInteger())
                                    .incrementAndGet())));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(turns.get(A)).hasValue(7500);
        assertThat(turns.get(B)).hasValue(2500);
    }
}
