package dev.sallyport.plugins.authorize;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Kind;
import dev.sallyport.api.config.Sight;
import dev.sallyport.api.config.Vocabulary;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What conditions can read: each variable's name, type, and value for a request. Values are made when they are read. */
final class Variables {

    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    private static final CelType TEXTS = MapType.create(SimpleType.STRING, SimpleType.STRING);
    private static final CelType LIST = ListType.create(SimpleType.STRING);

    /** Texts that have members as well, which a type of CEL cannot say. */
    static final Set<String> WITH_MEMBERS = Set.of("consumer", "path");

    private static final Map<String, Variable> ALL = new TreeMap<>();

    static {
        add("request.method", SimpleType.STRING, (request, clock) -> request.method());
        add(
                "request.scheme",
                SimpleType.STRING,
                (request, clock) -> request.exchange().scheme());
        add("request.host", SimpleType.STRING, (request, clock) -> host(request));
        add("request.path", SimpleType.STRING, (request, clock) -> request.path());
        add("request.query", MapType.create(SimpleType.STRING, LIST), (request, clock) -> query(request));
        add("request.headers", TEXTS, (request, clock) -> headers(request));
        add(
                "client.address",
                SimpleType.STRING,
                (request, clock) -> request.exchange().client().getHostAddress());
        add(
                "authenticated",
                SimpleType.BOOL,
                (request, clock) -> request.exchange().consumer() != null);
        add("consumer.name", SimpleType.STRING, (request, clock) -> {
            Consumer consumer = request.exchange().consumer();
            return consumer == null ? null : consumer.name();
        });
        add("consumer.groups", LIST, (request, clock) -> {
            Consumer consumer = request.exchange().consumer();
            return consumer == null ? null : consumer.groups();
        });
        add("consumer.tags", TEXTS, (request, clock) -> {
            Consumer consumer = request.exchange().consumer();
            return consumer == null ? null : consumer.tags();
        });
        add("claims", MapType.create(SimpleType.STRING, SimpleType.DYN), (request, clock) -> {
            Map<?, ?> claims = request.exchange().get(CLAIMS);
            return claims == null ? null : json(claims);
        });
        add("route", SimpleType.STRING, (request, clock) -> request.exchange().route());
        add("parameters", TEXTS, (request, clock) -> request.exchange().parameters());
        add("now", SimpleType.TIMESTAMP, (request, clock) -> clock.instant());
        add("header", TEXTS, (request, clock) -> headers(request));
        add("query", TEXTS, (request, clock) -> firsts(query(request)));
        add("cookie", TEXTS, (request, clock) -> cookies(request));
        for (Vocabulary.Name name : Vocabulary.names()) {
            if (name.member() == null && name.sight() == Sight.REQUEST && !ALL.containsKey(name.path())) {
                Expression expression = Expression.parse(name.path());
                add(name.path(), type(name.kind()), (request, clock) -> expression.object(request, null));
            }
        }
    }

    private Variables() {}

    /**
     * One of them.
     *
     * @param value its value; null where the request has none, so that a condition that needs it fails
     */
    record Variable(CelType type, BiFunction<Request, Clock, @Nullable Object> value) {}

    private static void add(String name, CelType type, BiFunction<Request, Clock, @Nullable Object> value) {
        ALL.put(name, new Variable(type, value));
    }

    /** How CEL calls what expressions call so. */
    static CelType type(Kind kind) {
        return switch (kind) {
            case TEXT -> SimpleType.STRING;
            case NUMBER -> SimpleType.INT;
            case BOOLEAN -> SimpleType.BOOL;
            case LIST -> LIST;
            case TIME -> SimpleType.TIMESTAMP;
            case ANY -> SimpleType.DYN;
        };
    }

    /** A name whose member expressions may write with a dot where CEL has a text: {@code path.id}; null where it is none. */
    static @Nullable Variable member(String name) {
        int dot = name.indexOf('.');
        String path = dot < 0 ? "" : name.substring(0, dot);
        if (!WITH_MEMBERS.contains(path) || ALL.containsKey(name)) {
            return null;
        }
        Expression expression = Expression.parse(name);
        return new Variable(SimpleType.STRING, (request, clock) -> expression.object(request, null));
    }

    /** All of them by name. */
    static Map<String, Variable> all() {
        return Collections.unmodifiableMap(ALL);
    }

    /** Without a port, in lower case, so that a name is compared as hosts are. */
    private static String host(Request request) {
        String host = request.headers().get("host", "");
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']');
        return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }

    /** Several fields of a name are one list (RFC 9110 §5.3), so that none of them is overlooked. */
    private static Map<String, String> headers(Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < request.headers().size(); i++) {
            String name = request.headers().name(i).toLowerCase(Locale.ROOT);
            String separator = name.equals("cookie") ? "; " : ", ";
            headers.merge(name, request.headers().value(i), (one, other) -> one + separator + other);
        }
        return headers;
    }

    private static Map<String, List<String>> query(Request request) {
        String query = request.target().query();
        if (query == null) {
            return Map.of();
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            values.computeIfAbsent(name, key -> new ArrayList<>(1))
                    .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return values;
    }

    private static Map<String, String> firsts(Map<String, List<String>> values) {
        Map<String, String> firsts = new LinkedHashMap<>();
        values.forEach((name, all) -> firsts.put(name, all.getFirst()));
        return firsts;
    }

    private static Map<String, String> cookies(Request request) {
        Map<String, String> cookies = new LinkedHashMap<>();
        for (String field : request.headers().all("cookie")) {
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals >= 0) {
                    cookies.putIfAbsent(
                            pair.substring(0, equals).strip(),
                            pair.substring(equals + 1).strip());
                }
            }
        }
        return cookies;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** A value of JSON as CEL has it: its whole numbers are longs, its null is an object. */
    private static Object json(@Nullable Object value) {
        return switch (value) {
            case null -> NullValue.NULL_VALUE;
            case Map<?, ?> map -> {
                Map<String, Object> members = new LinkedHashMap<>();
                map.forEach((name, member) -> members.put(String.valueOf(name), json(member)));
                yield members;
            }
            case Iterable<?> items -> {
                List<Object> list = new ArrayList<>();
                items.forEach(item -> list.add(json(item)));
                yield list;
            }
            case Integer number -> number.longValue();
            case Float number -> number.doubleValue();
            case Long _, Double _, Boolean _, String _ -> value;
            default -> value.toString();
        };
    }
}
