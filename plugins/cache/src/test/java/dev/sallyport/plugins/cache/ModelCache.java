package dev.sallyport.plugins.cache;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A cache so simple that it can be checked by reading: a list of what was stored, gone through from one end to the other, in
 * the words of RFC 9111, 5861 and 9213. It knows no bytes, threads, keys or epochs; times are milliseconds. Where an RFC leaves
 * a choice, it does what the plugin's page says.
 */
final class ModelCache {

    /** What is asked, by a client or by the cache. */
    record Sent(String method, String url, Map<String, String> fields) {

        Sent with(String name, String value) {
            Map<String, String> all = ModelCache.fields(fields);
            if (value == null) {
                all.remove(name);
            } else {
                all.put(name, value);
            }
            return new Sent(method, url, all);
        }

        /** For the whole, whatever the client has. */
        Sent whole() {
            return with("If-None-Match", null).with("If-Modified-Since", null).with("Range", null);
        }

        boolean isForLess() {
            return !whole().fields.equals(fields);
        }

        @Override
        public String toString() {
            return method + " " + url + " " + fields;
        }
    }

    /** What is answered. */
    record Got(int status, Map<String, String> fields, String body) {}

    /** There is no answer. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Who is asked what the cache cannot answer. */
    @FunctionalInterface
    interface Origin {
        Got ask(Sent sent);
    }

    private record Entry(
            String url,
            Map<String, String> selecting,
            int status,
            Map<String, String> fields,
            String body,
            long at,
            long ageThen,
            long life,
            long whileRevalidate,
            long ifError,
            boolean always,
            boolean never) {

        long age(long now) {
            return ageThen + now - at;
        }

        long left(long now) {
            return life - age(now);
        }

        boolean hasValidator() {
            return fields.containsKey("ETag") || fields.containsKey("Last-Modified");
        }

        /** Stored for a minute longer than it can be of use, so that it is known; to be validated, for an hour. */
        boolean isGone(long now) {
            long beyond = Math.max(Math.max(whileRevalidate, ifError), hasValidator() ? 3_600_000 : 60_000);
            return now >= at + Math.max(60_000, left(at) + beyond);
        }

        boolean matches(Sent request) {
            return url.equals(request.url())
                    && selecting.entrySet().stream()
                            .allMatch(one -> one.getValue()
                                    .equals(String.valueOf(request.fields().get(one.getKey()))));
        }
    }

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Set<Integer> HEURISTICALLY_CACHEABLE =
            Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    private final List<Entry> entries = new ArrayList<>();
    private final Origin origin;
    private long now;

    ModelCache(Origin origin) {
        this.origin = origin;
    }

    static Map<String, String> fields(Map<String, String> of) {
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.putAll(of);
        return fields;
    }

    /** Answers a client. */
    Got answer(Sent request, long moment) {
        now = moment;
        entries.removeIf(one -> one.isGone(now));
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return unsafe(request);
        }
        Map<String, String> asks = directives(request.fields().get("Cache-Control"));
        Entry entry = choose(request);
        if (entry != null && isUsable(entry, asks)) {
            if (entry.left(now) <= 0 && !isWantedStale(entry, asks)) {
                behind(request, entry);
            }
            return served(request, entry);
        }
        if (asks.containsKey("only-if-cached")) {
            return new Got(504, fields(Map.of()), "");
        }
        if (request.method().equals("HEAD") || asks.containsKey("no-store")) {
            Got got = origin.ask(request);
            if (request.method().equals("HEAD") && got.status() == 200 && entry != null && entry.status() == 200) {
                compare(request, entry, got);
            }
            return got;
        }
        return fetched(request, entry);
    }

    private Got unsafe(Sent request) {
        Got got = origin.ask(request);
        if (got.status() >= 200 && got.status() < 400) {
            entries.removeIf(one -> one.url().equals(request.url())
                    || one.url().equals(got.fields().get("Location")));
        }
        return got;
    }

    private Entry choose(Sent request) {
        return entries.stream()
                .filter(one -> one.matches(request))
                .max(Comparator.<Entry, Boolean>comparing(one -> one.left(now) > 0)
                        .thenComparing(one -> !one.selecting().isEmpty())
                        .thenComparing(Entry::at))
                .orElse(null);
    }

    private boolean isUsable(Entry entry, Map<String, String> asks) {
        if (entry.always() || asks.containsKey("no-cache")) {
            return false;
        }
        if (asks.containsKey("max-age") && entry.age(now) > millis(asks.get("max-age"))) {
            return false;
        }
        long left = entry.left(now);
        if (asks.containsKey("min-fresh") && left < millis(asks.get("min-fresh"))) {
            return false;
        }
        return left > 0
                || isWantedStale(entry, asks)
                || (-left < entry.whileRevalidate() && !asks.containsKey("max-age") && !asks.containsKey("min-fresh"));
    }

    private boolean isWantedStale(Entry entry, Map<String, String> asks) {
        return asks.containsKey("max-stale")
                && !entry.never()
                && (asks.get("max-stale").isEmpty() || -entry.left(now) <= millis(asks.get("max-stale")));
    }

    /** RFC 5861 §3: who revalidates it has its troubles alone. */
    private void behind(Sent request, Entry entry) {
        try {
            fetched(
                    new Sent(
                            "GET",
                            request.url(),
                            request.whole().with("Cache-Control", null).fields()),
                    entry);
        } catch (Failed alone) {
            // it is stale still
        }
    }

    /** RFC 9111 §4.3. */
    private Got fetched(Sent request, Entry entry) {
        Sent whole = request.whole();
        Sent forward = whole;
        boolean confirms = entry != null && entry.hasValidator();
        if (confirms) {
            forward = whole.with("If-None-Match", entry.fields().get("ETag"))
                    .with("If-Modified-Since", entry.fields().get("Last-Modified"));
        }
        Got got;
        try {
            got = origin.ask(forward);
        } catch (Failed failure) {
            if (mayReplaceError(request, entry)) {
                return served(request, entry);
            }
            throw failure;
        }
        if (Set.of(500, 502, 503, 504).contains(got.status()) && mayReplaceError(request, entry)) {
            return served(request, entry);
        }
        if (confirms && got.status() == 304) {
            if (confirms(got, entry)) {
                Entry fresh = freshened(request, entry, got);
                Map<String, String> fields = merged(entry, got);
                if (fresh != null) {
                    store(fresh);
                    fields.put("Age", Long.toString(fresh.age(now) / 1_000));
                }
                return fit(request, new Got(entry.status(), fields, entry.body()));
            }
            got = origin.ask(whole);
        }
        Entry fresh = judged(request, got.status(), got.fields(), got.body());
        if (fresh == null) {
            return request.isForLess() && got.status() == 200 ? origin.ask(request) : got;
        }
        store(fresh);
        return fit(request, got);
    }

    private static boolean confirms(Got got, Entry entry) {
        String told = got.fields().get("ETag");
        String known = entry.fields().get("ETag");
        return told == null || known == null || opaque(told).equals(opaque(known));
    }

    /** RFC 5861 §4, in a response and in a request. */
    private boolean mayReplaceError(Sent request, Entry entry) {
        if (entry == null || entry.always()) {
            return false;
        }
        String asked = directives(request.fields().get("Cache-Control")).getOrDefault("stale-if-error", "0");
        long most = Math.max(entry.ifError(), entry.never() ? 0 : millis(asked));
        return entry.left(now) > 0 || -entry.left(now) < most;
    }

    /** RFC 9111 §4.3.5. */
    private void compare(Sent request, Entry entry, Got head) {
        boolean same = isSame(head, entry, "ETag") && isSame(head, entry, "Last-Modified");
        if (!same) {
            entries.removeIf(one -> one.url().equals(request.url()));
            return;
        }
        Entry fresh = freshened(request, entry, head);
        if (fresh != null) {
            store(fresh);
        }
    }

    private static boolean isSame(Got head, Entry entry, String name) {
        String told = head.fields().get(name);
        return told == null || Objects.equals(told, entry.fields().get(name));
    }

    /** RFC 9111 §4.3.4; null where what comes of it may not be stored. */
    private Entry freshened(Sent request, Entry entry, Got news) {
        return judged(request, entry.status(), merged(entry, news), entry.body());
    }

    /** RFC 9111 §3.2. */
    private Map<String, String> merged(Entry entry, Got news) {
        Map<String, String> merged = fields(entry.fields());
        merged.put("Date", date(now));
        news.fields().forEach((name, value) -> {
            if (!name.equalsIgnoreCase("ETag") || !merged.containsKey("ETag")) {
                merged.put(name, value);
            }
        });
        return merged;
    }

    /** RFC 9111 §3, §4.2 and RFC 9213 §2.2; null where it is not stored. */
    private Entry judged(Sent request, int status, Map<String, String> came, String body) {
        Map<String, String> says = directives(came.get("CDN-Cache-Control"));
        boolean targeted = !says.isEmpty();
        if (!targeted) {
            says = directives(came.get("Cache-Control"));
        }
        boolean forAll =
                says.containsKey("public") || says.containsKey("s-maxage") || says.containsKey("must-revalidate");
        if (says.containsKey("no-store")
                || directives(request.fields().get("Cache-Control")).containsKey("no-store")
                || says.containsKey("private")
                || (came.containsKey("Set-Cookie") && !says.containsKey("public") && !says.containsKey("s-maxage"))
                || (request.fields().containsKey("Authorization") && !forAll)) {
            return null;
        }
        long date = came.containsKey("Date") ? millisOf(came.get("Date")) : now;
        Long life = life(status, came, says, targeted, date);
        if (life == null) {
            return null;
        }
        long told = came.containsKey("Age") ? millis(came.get("Age")) : 0;
        long age = Math.max(told, Math.max(0, now - date));
        boolean always = "".equals(says.get("no-cache"));
        boolean strict = always || says.containsKey("must-revalidate") || says.containsKey("proxy-revalidate");
        Map<String, String> kept = fields(came);
        kept.remove("Age");
        kept.remove("Set-Cookie");
        kept.putIfAbsent("Date", date(now));
        if (says.getOrDefault("no-cache", "").equals("\"x-a\"")) {
            kept.remove("X-A");
        }
        Map<String, String> selecting = new HashMap<>();
        if (came.containsKey("Vary")) {
            selecting.put(came.get("Vary"), String.valueOf(request.fields().get(came.get("Vary"))));
        }
        Entry entry = new Entry(
                request.url(),
                selecting,
                status,
                kept,
                body,
                now,
                age,
                life,
                strict ? 0 : millis(says.getOrDefault("stale-while-revalidate", "0")),
                strict ? 0 : millis(says.getOrDefault("stale-if-error", "0")),
                always,
                strict || says.containsKey("s-maxage"));
        boolean isOfUse = !always && entry.left(now) + Math.max(entry.whileRevalidate(), entry.ifError()) > 0;
        return isOfUse || entry.hasValidator() ? entry : null;
    }

    /** RFC 9111 §4.2.1 and §4.2.2; null where nothing lets it be stored. */
    private static Long life(
            int status, Map<String, String> came, Map<String, String> says, boolean targeted, long date) {
        for (String name : List.of("s-maxage", "max-age")) {
            if (says.containsKey(name)) {
                return millis(says.get(name));
            }
        }
        if (came.containsKey("Expires") && !targeted) {
            return came.get("Expires").equals("0") ? 0 : Math.max(0, millisOf(came.get("Expires")) - date);
        }
        if (!HEURISTICALLY_CACHEABLE.contains(status) && !says.containsKey("public")) {
            return null;
        }
        if (says.containsKey("no-cache") || !came.containsKey("Last-Modified")) {
            return 0L;
        }
        long since = date - millisOf(came.get("Last-Modified"));
        return Math.min(86_400_000, Math.max(0, since / 10));
    }

    private void store(Entry entry) {
        entries.removeIf(one -> one.url().equals(entry.url()) && one.selecting().equals(entry.selecting()));
        entries.add(entry);
    }

    private Got served(Sent request, Entry entry) {
        Map<String, String> fields = fields(entry.fields());
        fields.put("Age", Long.toString(entry.age(now) / 1_000));
        return fit(request, new Got(entry.status(), fields, entry.body()));
    }

    /** RFC 9111 §4.3.2, RFC 9110 §14. */
    private Got fit(Sent request, Got whole) {
        if (whole.status() == 200 && holdsAlready(request, whole)) {
            return new Got(304, whole.fields(), "");
        }
        boolean isPart = whole.status() == 200
                && request.method().equals("GET")
                && request.fields().containsKey("Range");
        return isPart ? new Got(206, whole.fields(), whole.body().substring(0, 2)) : whole;
    }

    private boolean holdsAlready(Sent request, Got whole) {
        String tag = request.fields().get("If-None-Match");
        String etag = whole.fields().get("ETag");
        if (tag != null) {
            return etag != null && opaque(tag).equals(opaque(etag));
        }
        String since = request.fields().get("If-Modified-Since");
        String modified =
                whole.fields().getOrDefault("Last-Modified", whole.fields().getOrDefault("Date", date(now)));
        return since != null && millisOf(modified) <= millisOf(since);
    }

    /** Names and arguments; those of the model have no commas in quotes. */
    private static Map<String, String> directives(String field) {
        Map<String, String> directives = new HashMap<>();
        for (String one : field == null || field.isEmpty() ? new String[0] : field.split(", ")) {
            String[] parts = one.split("=", 2);
            directives.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        return directives;
    }

    private static String opaque(String tag) {
        return tag.replaceFirst("^W/", "");
    }

    private static long millis(String seconds) {
        return seconds.matches("[0-9]+") ? Long.parseLong(seconds) * 1_000 : 0;
    }

    static String date(long millis) {
        return DATE.format(Instant.ofEpochMilli(millis));
    }

    static long millisOf(String date) {
        return Instant.from(DATE.parse(date)).toEpochMilli();
    }
}
