package dev.sallyport.plugins.rewrite;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings with one thing in them. */
final class Configs {

    private Configs() {}

    static RewriteConfig path(String path) {
        return new RewriteConfig(PathTemplate.parse(path), null, null, null, QueryChanges.NONE, null, null, null);
    }

    static RewriteConfig prefix(String from, String to) {
        Prefix prefix = new Prefix(from, PathTemplate.parse(to));
        return new RewriteConfig(null, prefix, null, null, QueryChanges.NONE, null, null, null);
    }

    static RewriteConfig regex(String regex, String to) {
        return new RewriteConfig(
                null, null, PathRegex.parse(regex), PathTemplate.parse(to), QueryChanges.NONE, null, null, null);
    }

    static RewriteConfig query(List<String> remove, Map<String, String> set, Map<String, String> add) {
        QueryChanges changes = new QueryChanges(remove, values(set), values(add));
        return new RewriteConfig(null, null, null, null, changes, null, null, null);
    }

    static RewriteConfig host(String host) {
        return new RewriteConfig(null, null, null, null, QueryChanges.NONE, HostName.parse(host), null, null);
    }

    /** A redirect to what other settings make of the path, and to another host and scheme where they are given. */
    static RewriteConfig redirect(
            int status, @Nullable RewriteConfig rule, @Nullable String host, RewriteConfig.@Nullable Scheme scheme) {
        return new RewriteConfig(
                rule == null ? null : rule.path(),
                rule == null ? null : rule.prefix(),
                rule == null ? null : rule.regex(),
                rule == null ? null : rule.to(),
                rule == null ? QueryChanges.NONE : rule.query(),
                host == null ? null : HostName.parse(host),
                scheme,
                status);
    }

    private static Map<String, QueryValue> values(Map<String, String> values) {
        Map<String, QueryValue> parsed = new LinkedHashMap<>();
        values.forEach((name, value) -> parsed.put(name, QueryValue.parse(value)));
        return parsed;
    }
}
