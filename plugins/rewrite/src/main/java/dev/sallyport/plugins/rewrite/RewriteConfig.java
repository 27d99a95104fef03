package dev.sallyport.plugins.rewrite;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Template;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the step {@code rewrite}. The path is changed by at most one of {@code path}, {@code prefix} and
 * {@code regex}.
 *
 * @param path the whole path
 * @param prefix the beginning of the path, and what takes its place
 * @param regex what the whole path must match
 * @param to what takes the place of a path that {@code regex} matches
 * @param query changes of the query
 * @param host the host, and port if any
 * @param scheme the scheme of a redirect
 * @param redirect 301, 302, 303, 307 or 308; null to pass the request on
 * @param method the method of the request that is passed on
 * @param status new statuses by old ones
 */
public record RewriteConfig(
        @Doc("The new path; {id} is a path parameter of the route, other expressions in braces are taken too.")
        @Nullable
        PathTemplate path,

        @Doc("Replaces the beginning of the path, by segments; another path passes unchanged.") @Nullable
        Prefix prefix,

        @Doc("What the whole path must match (RE2 syntax); another path passes unchanged.") @Nullable
        PathRegex regex,

        @Doc("The new path where regex matches; $1 or {name} is one of its groups, {id} a path parameter.") @Nullable
        PathTemplate to,

        @Doc("Changes of the query.") @Default("{}") QueryChanges query,

        @Doc("The new host, and port if any; expressions in braces are taken.") @Nullable
        HostTemplate host,

        @Doc("The new scheme; only with redirect.") @Nullable
        Scheme scheme,

        @Doc("Answers with this status (301, 302, 303, 307, 308) and the new URL in the place of passing it on.")
        @Nullable
        Integer redirect,

        @Doc("The new method of the request.") @Nullable MethodName method,

        @Doc("New statuses of responses by old ones, or by all of a class: {404: 410, 5xx: 503}.")
        Map<String, Integer> status) {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** The scheme of a URL. */
    public enum Scheme {
        HTTP,
        HTTPS;

        String text() {
            return this == HTTP ? "http" : "https";
        }
    }

    /** @throws ConfigException where these say nothing, or two things about the path */
    public RewriteConfig {
        List<String> rules = Stream.of(
                        path == null ? null : "path", prefix == null ? null : "prefix", regex == null ? null : "regex")
                .filter(Objects::nonNull)
                .toList();
        if (rules.size() > 1) {
            throw new ConfigException(
                    rules.get(1), "beside " + rules.getFirst() + " (expected: one of path, prefix, regex)");
        }
        if ((regex == null) != (to == null)) {
            throw new ConfigException(regex == null ? "to" : "regex", "alone (expected: regex and to together)");
        }
        status = Map.copyOf(status);
        new StatusChanges(status);
        boolean nothing = rules.isEmpty() && query.isEmpty() && host == null && scheme == null;
        if (nothing && method == null && status.isEmpty()) {
            throw new ConfigException(
                    "", "nothing to rewrite (expected: path, prefix, regex, query, host, scheme, method or status)");
        }
        if (redirect != null && (nothing || method != null || !status.isEmpty())) {
            throw new ConfigException(
                    "redirect",
                    redirect
                            + " (expected: beside path, prefix, regex, query, host or scheme, and no method or"
                            + " status)");
        }
        if (redirect != null && !REDIRECTS.contains(redirect)) {
            throw new ConfigException("redirect", redirect + " (expected: 301, 302, 303, 307 or 308)");
        }
        if (scheme != null && redirect == null) {
            throw new ConfigException(
                    "scheme",
                    scheme.text() + " (expected: only with redirect); the upstream's URL says how it is reached");
        }
        if (prefix != null && !prefix.isPath()) {
            throw new ConfigException(
                    "prefix.from", prefix.from() + " (expected: a path such as /api, percent-encoded, without ..)");
        }
        if (path != null) {
            checkGroups("path", path.template(), regex);
        }
        if (prefix != null) {
            checkGroups("prefix.to", prefix.to().template(), regex);
        }
        if (to != null) {
            checkGroups("to", to.template(), regex);
        }
        if (host != null) {
            checkGroups("host", host.template(), regex);
        }
        for (Map.Entry<String, QueryValue> entry : query.set().entrySet()) {
            checkGroups("query.set." + entry.getKey(), entry.getValue().template(), regex);
        }
        for (Map.Entry<String, QueryValue> entry : query.add().entrySet()) {
            checkGroups("query.add." + entry.getKey(), entry.getValue().template(), regex);
        }
    }

    private static void checkGroups(String key, Template template, @Nullable PathRegex regex) {
        int groups = regex == null ? 0 : regex.groups();
        for (String name : template.names()) {
            if (name.startsWith("$") && (name.length() > 4 || Integer.parseInt(name.substring(1)) > groups)) {
                throw new ConfigException(
                        key,
                        name + " (expected: a group of regex, which has " + groups + "); write $$ for the sign itself");
            }
        }
    }
}
