package dev.sallyport.plugins.cache;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which responses are kept, and for how long they are fresh: RFC 9111 §3 and §4.2, RFC 5861, RFC 9213, and the settings
 * beyond them.
 */
final class Rules {

    /** RFC 9110 §15.1: those that are fresh for a while without saying so. */
    private static final Set<Integer> HEURISTIC = Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    private static final Set<Integer> NEGATIVE = Set.of(404, 405, 410, 414, 451, 501);

    /** Those whose caching this one knows: what RFC 9110 defines, but for those that are part of another one. */
    private static final Set<Integer> UNDERSTOOD = Set.of(
            200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407,
            408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 500, 501, 502, 503, 504, 505);

    /** RFC 9111 §3.1, and what is told anew for each answer. */
    private static final Set<String> NOT_KEPT = Set.of(
            "age",
            "connection",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "content-length");

    /** What an answer that confirms does not change (RFC 9111 §3.2), since the body stays. */
    private static final Set<String> OF_THE_BODY =
            Set.of("content-length", "content-encoding", "content-range", "etag");

    private static final long HEURISTIC_PART = 10;
    private static final long LONGEST_HEURISTIC = Duration.ofDays(1).toMillis();

    private final CacheConfig config;
    private final boolean partitioned;

    /** @param partitioned whether consumers are told apart by the key */
    Rules(CacheConfig config, boolean partitioned) {
        this.config = config;
        this.partitioned = partitioned;
    }

    /**
     * What is kept of a response, without its body.
     *
     * @param verdict why nothing is; null where it is kept
     */
    record Keeping(@Nullable Stored stored, @Nullable String verdict) {

        private static Keeping not(String why) {
            return new Keeping(null, why);
        }
    }

    /**
     * Judges a response to a request with one of the methods.
     *
     * @param asked when the request was sent
     * @param now when the head came
     * @param purges how many purges there had been when it was sent
     */
    Keeping judge(Request request, Directives asks, Response response, String url, long asked, long now, long purges) {
        Headers headers = response.headers();
        Directives says = Directives.ofResponse(headers);
        int status = response.status();
        if (response.tunnel() != null || response.problem() != null) {
            return Keeping.not("own-answer");
        }
        if (status < 200 || status == 206 || status == 304) {
            return Keeping.not("status");
        }
        if (asks.has("no-store")) {
            return Keeping.not("request-no-store");
        }
        if (headers.all("vary").stream().anyMatch(vary -> Directives.split(vary).contains("*"))) {
            return Keeping.not("vary-star");
        }
        Duration forced = config.force() ? status < 400 ? config.ttl() : config.negative() : null;
        if (forced != null) {
            return keep(response, says, url, purges, now, 0, forced.toMillis(), true, Set.of("set-cookie"));
        }
        if (says.has("must-understand") ? !UNDERSTOOD.contains(status) : says.has("no-store")) {
            return Keeping.not(says.has("no-store") ? "no-store" : "status");
        }
        if (says.hasPlain("private")) {
            return Keeping.not("private");
        }
        if (isOfOneCaller(request) && !isForAll(says)) {
            return Keeping.not("authorized");
        }
        Set<String> left = new HashSet<>(says.fields("private"));
        left.addAll(says.fields("no-cache"));
        if (headers.has("set-cookie") && left.add("set-cookie") && !says.has("public") && !says.has("s-maxage")) {
            return Keeping.not("set-cookie");
        }
        Long date = HttpDates.parse(headers.get("date"));
        Long life = life(status, headers, says, date == null ? now : date);
        if (life == null) {
            return Keeping.not("status");
        }
        return keep(response, says, url, purges, now, age(headers, date, asked, now), life, false, left);
    }

    private Keeping keep(
            Response response,
            Directives says,
            String url,
            long purges,
            long now,
            long age,
            long life,
            boolean forced,
            Set<String> left) {
        boolean always = !forced && says.hasPlain("no-cache");
        boolean strict = !forced && (says.has("must-revalidate") || says.has("proxy-revalidate"));
        long revalidate = forced || strict || always
                ? forced ? config.staleWhileRevalidate().toMillis() : 0
                : beyond(says, "stale-while-revalidate", config.staleWhileRevalidate());
        long ifError = forced || strict || always
                ? forced ? config.staleIfError().toMillis() : 0
                : beyond(says, "stale-if-error", config.staleIfError());
        Stored stored = new Stored(
                url,
                tags(response.headers()),
                purges,
                now,
                age,
                life,
                revalidate,
                ifError,
                always,
                strict || always || says.has("s-maxage"),
                response.status(),
                kept(response.headers(), left, now),
                new byte[0],
                0);
        boolean ofUse = (!always && stored.left(now) + Math.max(revalidate, ifError) > 0) || stored.hasValidator();
        return ofUse ? new Keeping(stored, null) : Keeping.not("stale");
    }

    /** {@code s-maxage} forbids staleness that nobody allowed; what the response itself allows is more precise. */
    private static long beyond(Directives says, String name, Duration otherwise) {
        Long seconds = says.seconds(name, 0);
        return seconds != null ? seconds * 1_000 : says.has("s-maxage") ? 0 : otherwise.toMillis();
    }

    private boolean isOfOneCaller(Request request) {
        return request.headers().has("authorization") || (request.exchange().consumer() != null && !partitioned);
    }

    /** RFC 9111 §3.5. */
    private static boolean isForAll(Directives says) {
        return says.has("public") || says.has("s-maxage") || says.has("must-revalidate");
    }

    /** RFC 9111 §4.2.1; null where nothing lets it be kept (§3). */
    private @Nullable Long life(int status, Headers headers, Directives says, long date) {
        Long seconds = says.seconds("s-maxage", 0);
        if (seconds == null) {
            seconds = says.seconds("max-age", 0);
        }
        if (seconds != null) {
            return seconds * 1_000;
        }
        if (!says.isTargeted() && headers.has("expires")) {
            Long expires = HttpDates.parse(headers.get("expires"));
            return expires == null ? 0 : Math.max(0, expires - date);
        }
        if (says.has("no-cache")) {
            return HEURISTIC.contains(status) || says.has("public") ? 0L : null;
        }
        if (config.negative() != null && NEGATIVE.contains(status)) {
            return config.negative().toMillis();
        }
        if (!HEURISTIC.contains(status) && !says.has("public")) {
            return null;
        }
        if (config.ttl() != null && status < 400) {
            return config.ttl().toMillis();
        }
        Long modified = HttpDates.parse(headers.get("last-modified"));
        return modified == null || modified >= date
                ? 0
                : Math.min(LONGEST_HEURISTIC, (date - modified) / HEURISTIC_PART);
    }

    /** RFC 9111 §4.2.3. */
    private static long age(Headers headers, @Nullable Long date, long asked, long now) {
        String told = headers.get("age");
        long age = told == null ? 0 : Directives.number(Directives.split(told).getFirst(), 0) * 1_000;
        long apparent = date == null ? 0 : Math.max(0, now - date);
        return Math.max(apparent < 1_000 ? 0 : apparent, age + Math.max(0, now - asked));
    }

    private static Headers kept(Headers headers, Set<String> left, long now) {
        Headers.Builder kept = Headers.builder(headers.size() + 1);
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            if (!NOT_KEPT.contains(name) && !left.contains(name)) {
                kept.add(headers, i);
            }
        }
        if (!headers.has("date")) {
            kept.add("Date", HttpDates.format(now));
        }
        return kept.build();
    }

    /** What {@code Surrogate-Key} and {@code Cache-Tag} name. */
    private static List<String> tags(Headers headers) {
        List<String> tags = new ArrayList<>();
        for (String field : headers.all("surrogate-key")) {
            tags.addAll(List.of(field.strip().split("\\s+")));
        }
        for (String field : headers.all("cache-tag")) {
            tags.addAll(Directives.split(field));
        }
        tags.removeIf(String::isEmpty);
        return tags;
    }

    /**
     * The fields of a response that the upstream has confirmed by 304 (RFC 9111 §3.2).
     *
     * @param confirmed those of that answer
     */
    static Headers merged(Headers stored, Headers confirmed) {
        Set<String> news = confirmed.names();
        Headers.Builder merged = Headers.builder(stored.size() + confirmed.size());
        for (int i = 0; i < stored.size(); i++) {
            String name = stored.name(i).toLowerCase(Locale.ROOT);
            if (!news.contains(name) || OF_THE_BODY.contains(name)) {
                merged.add(stored, i);
            }
        }
        for (int i = 0; i < confirmed.size(); i++) {
            String name = confirmed.name(i).toLowerCase(Locale.ROOT);
            if (!name.equals("content-length") && (!OF_THE_BODY.contains(name) || !stored.has(name))) {
                merged.add(confirmed, i);
            }
        }
        return merged.build();
    }

    /**
     * A response that the upstream has confirmed by 304 (RFC 9111 §4.3.4), as it is to be kept now.
     *
     * @param merged its fields
     */
    Keeping freshened(
            Request request, Directives asks, Stored stored, Headers merged, long asked, long now, long purges) {
        Keeping keeping = judge(
                request, asks, Response.of(stored.status(), merged, stored.body()), stored.url(), asked, now, purges);
        Stored fresh = keeping.stored();
        return fresh == null
                ? keeping
                : new Keeping(fresh.with(stored.bytes(), stored.offset(), stored.length()), null);
    }
}
