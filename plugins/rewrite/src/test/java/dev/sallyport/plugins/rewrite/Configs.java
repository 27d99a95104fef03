package dev.sallyport.plugins.rewrite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings with one thing in them. */
final class Configs {

    static final QueryChanges NONE = new QueryChanges(List.of(), List.of(), Map.of(), Map.of(), Map.of());

    private Configs() {}

    static RewriteConfig path(String path) {
        return new RewriteConfig(PathTemplate.parse(path), null, null, null, NONE, null, null, null, null, Map.of());
    }

    static RewriteConfig prefix(String from, String to) {
        Prefix prefix = new Prefix(from, PathTemplate.parse(to));
        return new RewriteConfig(null, prefix, null, null, NONE, null, null, null, null, Map.of());
    }

    static RewriteConfig regex(String regex, String to) {
        return new RewriteConfig(
                null, null, PathRegex.parse(regex), PathTemplate.parse(to), NONE, null, null, null, null, Map.of());
    }

    static RewriteConfig query(List<String> remove, Map<String, String> set, Map<String, String> add) {
        QueryChanges changes = new QueryChanges(List.of(), remove, Map.of(), values(set), values(add));
        return new RewriteConfig(null, null, null, null, changes, null, null, null, null, Map.of());
    }

    static RewriteConfig host(String host) {
        return new RewriteConfig(null, null, null, null, NONE, HostTemplate.parse(host), null, null, null, Map.of());
    }

    /** A redirect to what other settings make of the path, and to another host and scheme where they are given. */
    static RewriteConfig redirect(
            int status, @Nullable RewriteConfig rule, @Nullable String host, RewriteConfig.@Nullable Scheme scheme) {
        return new RewriteConfig(
                rule == null ? null : rule.path(),
                rule == null ? null : rule.prefix(),
                rule == null ? null : rule.regex(),
                rule == null ? null : rule.to(),
                rule == null ? NONE : rule.query(),
                host == null ? null : HostTemplate.parse(host),
                scheme,
                status,
                null,
                Map.of());
    }

    private static Map<String, QueryValue> values(Map<String, String> values) {
        Map<String, QueryValue> parsed = new LinkedHashMap<>();
        values.forEach((name, value) -> parsed.put(name, QueryValue.parse(value)));
        return parsed;
    }
}
