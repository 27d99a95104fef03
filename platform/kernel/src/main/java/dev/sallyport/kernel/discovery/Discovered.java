package dev.sallyport.kernel.discovery;

import dev.sallyport.api.Discovery;
import dev.sallyport.api.Endpoint;
import dev.sallyport.api.Exporter;
import dev.sallyport.kernel.balance.TargetGroup;
import dev.sallyport.kernel.config.Discover;
import dev.sallyport.kernel.config.Place;
import dev.sallyport.kernel.config.ResolvedConfig;
import dev.sallyport.kernel.config.ServiceConfig;
import dev.sallyport.kernel.config.UpstreamConfig;
import dev.sallyport.kernel.plugin.Artefact;
import dev.sallyport.kernel.plugin.Catalogue;
import dev.sallyport.kernel.step.GivenPages;
import dev.sallyport.kernel.step.ServiceInstance;
import dev.sallyport.kernel.step.Services;
import dev.sallyport.kernel.step.StepKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The services of one generation, and the live lists of its upstreams. Making and letting go is for the deploying thread. */
public final class Discovered {

    /** Where a target stands that is written nowhere. */
    private static final Place DISCOVERED = new Place("", 1, 1);

    private final Map<String, ServiceInstance> services = new LinkedHashMap<>();
    private final Map<String, Feed> feeds = new TreeMap<>();

    /** Feeds that others take the place of, until these begin: kept no longer, since they hold their plugin. */
    private final List<Feed> replaced = new ArrayList<>();

    private final Set<Artefact> artefacts = new LinkedHashSet<>();
    private final List<String> missing = new ArrayList<>();

    private Discovered() {}

    /** Nothing to discover. */
    public static Discovered none() {
        return new Discovered();
    }

    /**
     * Takes or makes what a configuration asks for; nothing is watched before {@link #start}. Where a service cannot be made
     * the problems of the services say so, and what was taken is to be {@linkplain #release released}.
     *
     * @param before what serves
     */
    public static Discovered of(ResolvedConfig config, Catalogue catalogue, Services services, Discovered before) {
        Discovered made = new Discovered();
        for (ServiceConfig service : config.config().services()) {
            String point = catalogue.servicePoint(service.type());
            Artefact artefact = catalogue.artefact(point, service.type(), service.version());
            if (artefact == null) {
                String why = catalogue.whyNot(point, service.type(), service.version());
                made.missing.add("service " + service.name() + ": " + why);
                services.miss(service, why);
            } else {
                made.artefacts.add(artefact);
                services.take(service, artefact);
            }
        }
        made.services.putAll(services.taken());
        config.upstreams().forEach((name, upstream) -> {
            if (upstream.discover() != null) {
                made.watch(name, upstream.discover(), before);
            }
        });
        return made;
    }

    private void watch(String upstream, Discover asked, Discovered before) {
        Feed last = before.feeds.get(upstream);
        ServiceInstance service = asked instanceof Discover.Service of ? services.get(of.from()) : null;
        Object source = asked instanceof Discover.Service ? service == null ? "missing" : service.key() : "dns";
        Feed.Key key = new Feed.Key(upstream, asked, source);
        Feed feed = last != null && last.key().equals(key) ? last : feed(key, asked, service, last);
        feed.retain();
        feeds.put(upstream, feed);
        if (last != null && last != feed) {
            replaced.add(last);
        }
    }

    /** The exporters among the services, in the order of the configuration. */
    public List<Exporter> exporters() {
        return services.values().stream()
                .map(ServiceInstance::exporter)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The pages of the admin address among the services, by the services' names, in the order of the configuration. */
    public Map<String, GivenPages> pages() {
        Map<String, GivenPages> pages = new LinkedHashMap<>();
        services.forEach((name, service) -> {
            GivenPages each = service.pages();
            if (each != null) {
                pages.put(name, each);
            }
        });
        return pages;
    }

    private static Feed feed(Feed.Key key, Discover asked, @Nullable ServiceInstance service, @Nullable Feed last) {
        String scheme = asked.scheme().written();
        // The same question to a newer making of the source: what the old one told is right until the new one tells.
        Feed before = last != null && last.key().asked().equals(asked) ? last : null;
        return switch (asked) {
            case Discover.Service of ->
                new Feed(
                        key,
                        service == null ? Discovered::missing : service.discovery(),
                        new Discovery.Query(of.name(), of.port(), scheme),
                        service,
                        before);
            case Discover.Dns dns ->
                new Feed(
                        key,
                        new DnsAddresses(dns.ports(), DnsClient.asking(dns.resolver()), dns.hold()),
                        new Discovery.Query(dns.name(), null, scheme),
                        null,
                        before);
            case Discover.Srv srv ->
                new Feed(
                        key,
                        new DnsServices(DnsClient.asking(srv.resolver()), srv.hold()),
                        new Discovery.Query(srv.name(), null, scheme),
                        null,
                        before);
        };
    }

    private static void missing(Discovery.Query query, Discovery.Listener listener) throws Exception {
        throw new IllegalStateException("its service cannot be made, since no plugin offers its type");
    }

    /**
     * Begins to watch, and waits for the first list of each that knows none.
     *
     * @param groups what takes the lists, by upstream
     * @param bound how long to wait; what is not known then is waited for by nobody
     */
    public void start(Map<String, TargetGroup> groups, Duration bound) {
        replaced.forEach(Feed::mute); // the old source may still tell what the new one knows better
        replaced.clear();
        feeds.forEach((upstream, feed) -> {
            TargetGroup group = Objects.requireNonNull(groups.get(upstream), "each upstream has a group");
            feed.onChange(all -> group.update(targets(all)));
            feed.start();
        });
        long deadline = System.nanoTime() + bound.toNanos();
        try {
            for (Feed feed : feeds.values()) {
                feed.awaitFirst(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<UpstreamConfig.Target> targets(List<Endpoint> all) {
        return all.stream()
                .map(endpoint ->
                        new UpstreamConfig.Target(endpoint.url(), endpoint.weight(), endpoint.backup(), DISCOVERED))
                .toList();
    }

    /** The services by what makes them the same after a reload. */
    public Map<StepKey, ServiceInstance> services() {
        return services.values().stream().collect(Collectors.toMap(ServiceInstance::key, each -> each));
    }

    /** The plugins of the services. */
    public Set<Artefact> artefacts() {
        return artefacts;
    }

    /** The live list of an upstream; null where its targets are written out. */
    public @Nullable Feed feed(String upstream) {
        return feeds.get(upstream);
    }

    /** All live lists, by upstream. */
    public Map<String, Feed> feeds() {
        return Collections.unmodifiableMap(feeds);
    }

    /** What does not work now, in a sentence each. */
    public List<String> degraded() {
        List<String> all = new ArrayList<>(missing);
        feeds.values().stream().map(Feed::trouble).filter(Objects::nonNull).forEach(all::add);
        services.values().stream()
                .map(ServiceInstance::trouble)
                .filter(Objects::nonNull)
                .forEach(all::add);
        return all;
    }

    /** Lets go of all of it, once. */
    public void release() {
        List<Feed> ending = feeds.values().stream().filter(Feed::release).toList();
        ending.forEach(Feed::awaitEnd);
        services.values().forEach(ServiceInstance::release);
    }
}
