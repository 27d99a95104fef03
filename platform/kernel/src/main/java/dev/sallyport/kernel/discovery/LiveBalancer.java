package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Endpoint;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.upstream.Balancer;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The balancer over what a feed has told last. Thread-safe. */
public final class LiveBalancer implements Supplier<Balancer> {

    private final Feed feed;
    private final Place place;
    private volatile Current current;

    /** A list and what chooses among it. */
    private record Current(@Nullable List<Endpoint> endpoints, Balancer balancer) {}

    /** @param place where the upstream stands */
    public LiveBalancer(Feed feed, Place place, @Nullable Balancer before) {
        this.feed = feed;
        this.place = place;
        List<Endpoint> known = feed.found().endpoints();
        current = new Current(known, Balancer.over(targets(known), before));
    }

    @Override
    public Balancer get() {
        Current now = current;
        List<Endpoint> known = feed.found().endpoints();
        if (Objects.equals(now.endpoints(), known)) {
            return now.balancer();
        }
        synchronized (this) {
            known = feed.found().endpoints();
            if (!Objects.equals(current.endpoints(), known)) {
                current = new Current(known, Balancer.over(targets(known), current.balancer()));
            }
            return current.balancer();
        }
    }

    /** Backups count only where there is nothing else. */
    private List<UpstreamConfig.Target> targets(@Nullable List<Endpoint> known) {
        List<Endpoint> all = known == null ? List.of() : known;
        boolean only = all.stream().allMatch(Endpoint::backup);
        return all.stream()
                .filter(endpoint -> only || !endpoint.backup())
                .map(endpoint -> new UpstreamConfig.Target(endpoint.url(), endpoint.weight(), place))
                .toList();
    }
}
