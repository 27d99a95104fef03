package dev.sallyport.kernel.config;

import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules for services, and for the upstreams that ask them for targets. */
final class ServiceCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern DNS_NAME = Pattern.compile(
            "(?=.{1,253}\\.?$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\\.?");

    private static final Set<String> NEED_NO_USE = Set.of("admin-pages", "exporter", TypeCatalog.SOME_SERVICE);

    private final GatewayConfig config;
    private final TypeCatalog catalog;
    private final Binding binding;

    ServiceCheck(GatewayConfig config, TypeCatalog catalog, Binding binding) {
        this.config = config;
        this.catalog = catalog;
        this.binding = binding;
    }

    void run() {
        Map<String, Place> names = new HashMap<>();
        config.services().forEach(service -> service(service, names));
        Set<String> finders = config.services().stream()
                .filter(service -> catalog.mayServe("discovery", service.type()))
                .map(ServiceConfig::name)
                .collect(Collectors.toCollection(TreeSet::new));
        config.upstreams().values().forEach(upstream -> upstream(upstream, finders));
    }

    private void service(ServiceConfig service, Map<String, Place> names) {
        String name = service.name();
        if (!NAME.matcher(name).matches()) {
            binding.refuse(
                    service.place(), "name", name, " (expected: letters, digits, dot, dash and underscore); rename it");
            return;
        }
        GatewayCheck.refuseReference("name", name, service.place(), binding);
        if (name.equals("memory")) {
            binding.refuse(
                    service.place(),
                    "name",
                    name,
                    " (expected: another name; the store memory always exists); rename it");
        }
        if (name.equals("v1") && catalog.servicePoint(service.type()).equals("admin-pages")) {
            binding.refuse(
                    service.place(),
                    "name",
                    name,
                    " (expected: another name; /v1 of the admin address is its API); rename it");
        }
        Place first = names.putIfAbsent(name, service.place());
        if (first != null) {
            binding.refuse(
                    service.place(),
                    "name",
                    name,
                    " (expected: one name each; the service at " + first + " has it); change one");
        }
    }

    private void upstream(UpstreamConfig upstream, Set<String> services) {
        Discover discover = upstream.discover();
        ConfigNode targets = binding.sources().node(upstream.place(), "targets");
        if (discover == null) {
            if (targets instanceof ConfigNode.Sequence list && list.items().isEmpty()) {
                binding.refuse(upstream.place(), "targets", "0 elements", " (expected: 1 or more); add one");
            } else if (targets == null && binding.sources().node(upstream.place(), "discover") == null) {
                binding.error(
                        upstream.place(),
                        Sources.join(binding.sources().key(upstream.place()), "targets"),
                        "missing (expected: a list, or discover in its place); add targets: …");
            }
            return;
        }
        if (targets != null) {
            binding.refuse(
                    upstream.place(), "targets", "a list", " (expected: targets or discover, not both); remove one");
        }
        switch (discover) {
            case Discover.Service service -> {
                if (!services.contains(service.from())) {
                    binding.refuse(
                            upstream.place(),
                            "discover.service.from",
                            service.from(),
                            " (expected: the name of a service that finds targets: "
                                    + Suggestion.list(new TreeSet<>(services)) + "); "
                                    + Suggestion.mend(service.from(), services, "define it under services"));
                }
            }
            case Discover.Dns dns -> name(upstream, "discover.dns", dns.name());
            case Discover.Srv srv -> name(upstream, "discover.srv", srv.name());
        }
    }

    private void name(UpstreamConfig upstream, String key, String name) {
        if (!DNS_NAME.matcher(name).matches()) {
            String at = binding.sources().node(upstream.place(), key + ".name") == null ? key : key + ".name";
            binding.refuse(
                    upstream.place(),
                    at,
                    name,
                    " (expected: a name such as orders.internal, without scheme and port); "
                            + (looksLikeUrl(name) ? "use targets for a URL" : "write the name alone"));
        }
    }

    private static boolean looksLikeUrl(String name) {
        try {
            return URI.create(name).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Services that nobody asks for; to be called where all else is right.
     *
     * @param asked those that steps name as their store, and those that were asked for secrets
     */
    void warnOfUnused(Set<String> asked) {
        Set<String> used = new HashSet<>(asked);
        config.upstreams().values().forEach(upstream -> {
            if (upstream.discover() instanceof Discover.Service service) {
                used.add(service.from());
            }
        });
        config.services().stream()
                .filter(service -> !used.contains(service.name()))
                .filter(service -> !NEED_NO_USE.contains(catalog.servicePoint(service.type())))
                .forEach(service -> binding.find(
                        LintRule.UNUSED_NAME,
                        service.place(),
                        "name",
                        service.name(),
                        " is not used (expected: a use of each name); use it, or remove it"));
    }
}
