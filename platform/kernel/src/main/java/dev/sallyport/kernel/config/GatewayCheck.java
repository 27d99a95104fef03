package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.GatewayConfig.Match;
import dev.sallyport.kernel.config.GatewayConfig.Route;
import dev.sallyport.kernel.config.GatewayConfig.When;
import dev.sallyport.kernel.config.UpstreamConfig.Target;
import dev.sallyport.kernel.routing.HostPattern;
import dev.sallyport.kernel.routing.MatchSyntax;
import dev.sallyport.kernel.routing.PathPattern;
import inet.ipaddr.HostName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rules between the values of a configuration, and those that their types do not say. */
final class GatewayCheck {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern CONSUMER = Pattern.compile("[^\\p{Cntrl}\\s](.{0,98}[^\\p{Cntrl}\\s])?");

    private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");

    private final GatewayConfig config;
    private final Place root;
    private final Binding binding;
    private final Predicate<Place> knownValid;
    private final Map<String, Place> upstreamKeys;

    /**
     * @param root where the main file's mapping stands
     * @param knownValid whether what a record says of itself was judged before
     * @param upstreamKeys where the names of upstreams stand
     */
    GatewayCheck(
            GatewayConfig config,
            Place root,
            Binding binding,
            Predicate<Place> knownValid,
            Map<String, Place> upstreamKeys) {
        this.config = config;
        this.root = root;
        this.binding = binding;
        this.knownValid = knownValid;
        this.upstreamKeys = upstreamKeys;
    }

    void run() {
        listeners();
        adminTokens();
        requestId();
        new TrustCheck(config.trust(), binding).run();
        Map<String, Place> consumers = new HashMap<>();
        config.consumers().forEach(consumer -> {
            name(
                    CONSUMER,
                    "a name of at most 100 characters, without space around it",
                    consumer.name(),
                    consumer.place());
            binding.once("consumer", consumer.name(), consumer.place(), consumers);
        });
        config.upstreams().forEach(this::upstream);
        Map<String, Place> routes = new HashMap<>();
        config.routes().forEach(route -> {
            binding.once("route", route.name(), route.place(), routes);
            if (!knownValid.test(route.place())) {
                name(NAME, "letters, digits, dot, dash and underscore", route.name(), route.place());
                matches(route.match());
            }
        });
    }

    private void listeners() {
        Map<String, Place> names = new HashMap<>();
        List<TakenAddress> addresses = new ArrayList<>();
        for (ListenerConfig listener : config.listeners()) {
            name(NAME, "letters, digits, dot, dash and underscore", listener.name(), listener.place());
            binding.once("listener", listener.name(), listener.place(), names);
            address("listener", listener.address(), "address", listener.place(), addresses);
            ListenerCheck.check(listener, config.listeners(), binding);
        }
        address("admin", config.admin().address(), "admin.address", root, addresses);
        socket("admin.address", config.admin().address());
        socket("status.address", config.status().address());
        TlsConfig tls = config.admin().tls();
        if (tls != null) {
            new TlsCheck(binding).check(tls);
            if (tls.acme() != null) {
                binding.refuse(
                        tls.place(),
                        "acme",
                        "given",
                        " (expected: a certificate from a file; authorities ask at listeners only); write certificate"
                                + " and key");
            }
        }
        if (tls == null
                && config.admin().address().socket() == null
                && !isLoopback(config.admin().address().host())) {
            binding.refuse(
                    root,
                    "admin.address",
                    config.admin().address(),
                    " (expected: a loopback address such as 127.0.0.1:9901, or admin.tls beside it); write 127.0.0.1,"
                            + " or add tls");
        }
        address("status", config.status().address(), "status.address", root, addresses);
    }

    private void socket(String key, Address address) {
        if (address.socket() != null) {
            binding.refuse(
                    root,
                    key,
                    address,
                    " (expected: host and port; only listeners can be Unix sockets); write an address such as"
                            + " 127.0.0.1:9901");
        }
    }

    private void adminTokens() {
        Map<String, Place> names = new HashMap<>();
        for (GatewayConfig.AdminToken token : config.admin().tokens()) {
            name(NAME, "letters, digits, dot, dash and underscore", token.name(), token.place());
            if (token.name().equals("admin") || token.name().equals("files")) {
                binding.refuse(
                        token.place(),
                        "name",
                        token.name(),
                        " (expected: another name; admin is the token of data/admin.token, and files what folders"
                                + " bring); rename it");
            }
            binding.once("admin token", token.name(), token.place(), names);
            hash(token, "hash", token.hash(), "printf %s TOKEN | sha256sum");
            hash(token, "certificate", token.certificate(), "openssl x509 -in FILE -outform DER | sha256sum");
            if ((token.hash() == null) == (token.certificate() == null)) {
                binding.error(
                        token.place(),
                        Sources.join(
                                binding.sources().key(token.place()), token.hash() == null ? "hash" : "certificate"),
                        token.hash() == null
                                ? "missing (expected: hash, or certificate in its place); add hash: sha256:…"
                                : "beside hash (expected: one of the two); give each a name of its own");
            }
        }
    }

    private void hash(GatewayConfig.AdminToken token, String key, @Nullable String hash, String how) {
        if (hash != null && !HASH.matcher(hash).matches()) {
            // Not shown: it may be the token itself.
            ConfigNode written = binding.sources().node(token.place(), key);
            binding.error(
                    written == null ? token.place() : written.place(),
                    Sources.join(binding.sources().key(token.place()), key),
                    "no hash (expected: sha256: and 64 lower-case hex digits); " + how + " prints them");
        }
    }

    private void requestId() {
        check(root, "requestId.header", config.requestId().header(), MatchSyntax::checkHeaderName);
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || new HostName(host).isLoopback();
    }

    private void upstream(String name, UpstreamConfig upstream) {
        if (!NAME.matcher(name).matches()) {
            binding.error(
                    upstreamKeys.getOrDefault(name, upstream.place()),
                    "upstreams." + name,
                    name + " (expected: letters, digits, dot, dash and underscore); rename it");
        }
        String host = upstream.host();
        if (!host.equals("target") && !host.equals("client")) {
            check(upstream.place(), "host", host, written -> {
                if (written.startsWith("*")) {
                    throw new IllegalArgumentException(
                            written + " (expected: target, client or a host name); write one name");
                }
                HostPattern.parse(written.replaceFirst(":\\d{1,5}$", ""));
            });
        }
        UpstreamCheck.tls(upstream, binding);
        new BalanceCheck(upstream, binding).run();
        for (Target target : upstream.targets()) {
            String key = binding.sources().key(target.place());
            ConfigNode url = binding.sources().node(target.place(), "url");
            ConfigNode written = url == null ? binding.sources().node(target.place(), "") : url;
            if (written != null) {
                target(target, written, url == null ? key : Sources.join(key, "url"), binding);
            }
        }
    }

    /** A target's URL is {@code http://host:port}, nothing more. */
    static void target(Target target, ConfigNode written, String key, Binding binding) {
        String problem = UpstreamCheck.targetProblem(target.url());
        if (problem != null) {
            binding.error(written.place(), key, written.shown() + Tainted.hide(problem, written));
        }
    }

    /** The names and the groups of all consumers. */
    Set<String> callers() {
        Set<String> callers = new TreeSet<>();
        config.consumers().forEach(consumer -> {
            callers.add(consumer.name());
            callers.addAll(consumer.groups());
        });
        return callers;
    }

    /** The conditions of a step. */
    void conditions(List<When> conditions) {
        for (When when : conditions) {
            boolean refused = binding.sources().node(when.place(), "if") != null; // one that was taken is not empty
            if (when.isEmpty() && !refused) {
                refuseEmpty(when.place(), "hosts, paths, methods, headers, query or if");
            }
            match(when.match());
        }
    }

    private void matches(List<Match> matches) {
        for (Match match : matches) {
            if (match.isEmpty()) {
                refuseEmpty(match.place(), "hosts, paths, methods, headers or query");
            }
            match(match);
        }
    }

    private void refuseEmpty(Place place, String expected) {
        binding.refuse(place, "", "nothing", " (expected: " + expected + "); add one, or remove it to take all");
    }

    private void match(Match match) {
        each(match, "hosts", match.hosts(), HostPattern::parse);
        each(match, "paths", match.paths(), PathPattern::parse);
        each(match, "methods", match.methods(), MatchSyntax::checkMethod);
        match.headers().keySet().forEach(name -> key(match, "headers", name, MatchSyntax::checkHeaderName));
        match.query().keySet().forEach(name -> key(match, "query", name, MatchSyntax::checkQueryName));
    }

    private void each(Match match, String key, List<String> values, Consumer<String> rule) {
        for (int i = 0; i < values.size(); i++) {
            check(match.place(), key + "[" + i + "]", values.get(i), rule);
        }
    }

    /** Reports a value that the rule refuses: its words begin with the value. */
    private void check(Place record, String path, String value, Consumer<String> rule) {
        try {
            rule.accept(value);
        } catch (IllegalArgumentException e) {
            binding.refuse(record, path, value, rest(e, value));
        }
    }

    private void key(Match match, String section, String name, Consumer<String> rule) {
        try {
            rule.accept(name);
        } catch (IllegalArgumentException e) {
            String key = Sources.join(binding.sources().key(match.place()), section + "." + name);
            ConfigNode written = binding.sources().node(match.place(), section);
            ConfigNode.Entry entry = written instanceof ConfigNode.Mapping mapping
                    ? mapping.entries().get(name)
                    : null;
            String shown = name.isEmpty() ? "''" : name;
            binding.error(entry == null ? match.place() : entry.key(), key, shown + rest(e, name));
        }
    }

    private static String rest(IllegalArgumentException e, String value) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith(value) ? message.substring(value.length()) : " " + message;
    }

    /** Routes of an include may match the hosts that its entry lists, and no others. */
    static void hosts(GatewayConfig.Include include, List<Route> routes, Binding binding) {
        if (include.hosts().isEmpty()) {
            return;
        }
        String rest = " (expected: only hosts that the include at " + include.place() + " lists: "
                + Suggestion.list(include.hosts()) + "); ";
        for (Route route : routes) {
            if (route.match().isEmpty()) {
                binding.refuse(
                        route.place(),
                        "",
                        binding.shownName(route) + " matches all hosts",
                        rest + "add match: {hosts: […]}");
            }
            for (Match match : route.match()) {
                if (match.hosts().isEmpty()) {
                    binding.refuse(match.place(), "", "all hosts", rest + "add hosts");
                }
                for (int i = 0; i < match.hosts().size(); i++) {
                    String host = match.hosts().get(i);
                    if (include.hosts().stream().noneMatch(allowed -> covers(allowed, host))) {
                        binding.refuse(match.place(), "hosts[" + i + "]", host, rest + "remove it, or list it there");
                    }
                }
            }
        }
    }

    private static boolean covers(String allowed, String host) {
        String own = allowed.toLowerCase(Locale.ROOT);
        String name = host.toLowerCase(Locale.ROOT);
        return own.equals(name) || (own.startsWith("*.") && name.endsWith(own.substring(1)));
    }

    private void name(Pattern form, String expected, String name, Place place) {
        if (!form.matcher(name).matches()) {
            binding.refuse(place, "name", name, " (expected: " + expected + "); rename it");
        } else {
            refuseReference("name", name, place, binding);
        }
    }

    /** A name stands in logs, metrics and answers: no place for what must stay out of sight. */
    static void refuseReference(String key, String name, Place place, Binding binding) {
        if (binding.sources().node(place, key) instanceof ConfigNode.Scalar scalar && scalar.isTainted()) {
            binding.refuse(
                    place,
                    key,
                    name,
                    " (expected: " + (key.equals("id") ? "an " : "a ") + key
                            + " without a reference, since it is shown everywhere); write it out");
        }
    }

    /**
     * An address that cannot be had any more.
     *
     * @param holder who has it, and where that is written
     * @param shown how it may be shown
     */
    private record TakenAddress(Address address, String holder, String shown) {}

    private void address(String what, Address address, String key, Place record, List<TakenAddress> taken) {
        ConfigNode written = binding.sources().node(record, key);
        for (TakenAddress other : taken) {
            if (address.overlaps(other.address())) {
                boolean same = address.equals(other.address());
                binding.refuse(
                        record,
                        key,
                        address,
                        " (expected: an address of its own; " + other.holder() + " has "
                                + (same ? "it" : other.shown() + ", and not both can be bound")
                                + "); change the port of one");
                return;
            }
        }
        Place place = what.equals("listener") ? record : written == null ? null : written.place();
        taken.add(new TakenAddress(
                address,
                (what.equals("listener") ? "the listener" : what) + (place == null ? ", by default," : " at " + place),
                written == null ? address.toString() : written.shown()));
    }
}
