package dev.sallyport.plugins.cache;

import dev.sallyport.plugins.cache.ModelCache.Failed;
import dev.sallyport.plugins.cache.ModelCache.Got;
import dev.sallyport.plugins.cache.ModelCache.Sent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Resources that change at random, and what they say of their caching too; and clients that ask for them. */
final class ModelOrigin {

    static final List<String> URLS = List.of("/a", "/b?x=1", "/b?x=2", "/c/d");

    private static final List<String> CONTROLS = List.of(
            "",
            "",
            "max-age=10",
            "max-age=10",
            "max-age=60",
            "max-age=600",
            "max-age=0",
            "s-maxage=30",
            "max-age=5, s-maxage=30",
            "s-maxage=5, max-age=30",
            "no-store",
            "no-cache",
            "no-cache, max-age=30",
            "private",
            "private, max-age=30",
            "public",
            "public, max-age=20",
            "max-age=10, must-revalidate",
            "max-age=10, proxy-revalidate",
            "max-age=10, stale-while-revalidate=20",
            "max-age=5, stale-while-revalidate=5, stale-if-error=60",
            "max-age=10, stale-if-error=30",
            "max-age=10, must-revalidate, stale-if-error=30",
            "s-maxage=10, stale-while-revalidate=20",
            "max-age=20, no-cache=\"x-a\"",
            "max-age=abc",
            "immutable, max-age=10");

    private static final List<String> ASKS = List.of(
            "no-cache",
            "max-age=0",
            "max-age=5",
            "max-age=100",
            "min-fresh=5",
            "max-stale",
            "max-stale=10",
            "max-age=100, max-stale",
            "only-if-cached",
            "only-if-cached, max-stale",
            "stale-if-error=30",
            "no-store");

    private static final class Resource {
        int version;
        long modified;
        int status = 200;
        boolean fails;
        String control = "max-age=10";
        String targeted;
        Integer expires;
        String age;
        Integer date = 0;
        int tagged;
        boolean dated;
        boolean varies;
        boolean cookie;
    }

    private final SplittableRandom random;
    private final Map<String, Resource> resources = new HashMap<>();
    private long now;

    ModelOrigin(SplittableRandom random, long now) {
        this.random = random;
        this.now = now;
        URLS.forEach(url -> change(url));
    }

    void at(long moment) {
        now = moment;
    }

    /** Something is different from now on. */
    void change() {
        String url = pick(URLS);
        if (chance(40)) {
            change(url);
        } else {
            Resource resource = resources.get(url);
            resource.version++;
            resource.modified = now - 1_000L * random.nextInt(500);
            resource.fails = chance(15);
        }
    }

    private void change(String url) {
        Resource resource = new Resource();
        resource.version = resources.containsKey(url) ? resources.get(url).version + (chance(50) ? 1 : 0) : 1;
        resource.modified = now - 1_000L * random.nextInt(2_000);
        resource.status = chance(85) ? 200 : pick(List.of(404, 301, 302, 410, 500, 503));
        resource.fails = chance(5);
        resource.control = pick(CONTROLS);
        resource.targeted = chance(90) ? null : pick(List.of("max-age=15", "no-store", "max-age=5, stale-if-error=20"));
        resource.expires = chance(80) ? null : pick(List.of(15, -5, Integer.MIN_VALUE));
        resource.age = chance(85) ? null : pick(List.of("5", "20", "0"));
        resource.date = chance(80) ? (Integer) 0 : pick(List.of(-3, 3, Integer.MIN_VALUE));
        resource.tagged = random.nextInt(3);
        resource.dated = chance(40);
        resource.varies = chance(40);
        resource.cookie = chance(8);
        resources.put(url, resource);
    }

    /** What it answers. */
    Got answer(Sent sent) {
        Resource resource = resources.get(sent.url());
        if (resource.fails) {
            throw new Failed();
        }
        Map<String, String> fields = ModelCache.fields(Map.of());
        if (!sent.method().equals("GET") && !sent.method().equals("HEAD")) {
            int status = pick(List.of(200, 204, 303, 400, 500));
            if (chance(30)) {
                fields.put("Location", pick(URLS));
            }
            return new Got(status, fields, "");
        }
        String foo = resource.varies ? "-" + sent.fields().get("Foo") : "";
        String name = "v" + resource.version + foo;
        put(fields, "Cache-Control", resource.control.isEmpty() ? null : resource.control);
        put(fields, "CDN-Cache-Control", resource.targeted);
        put(fields, "Expires", resource.expires == null ? null : dated(resource.expires, "0"));
        put(fields, "Age", resource.age);
        put(fields, "Date", dated(resource.date, null));
        put(
                fields,
                "ETag",
                List.of("", "\"" + name + "\"", "W/\"" + name + "\"").get(resource.tagged));
        put(fields, "Last-Modified", resource.dated ? ModelCache.date(resource.modified) : null);
        put(fields, "Vary", resource.varies ? "Foo" : null);
        put(fields, "Set-Cookie", resource.cookie ? "a=" + resource.version : null);
        put(fields, "X-A", name);
        put(fields, "X-Version", name);
        if (resource.status == 200 && isHeld(sent, fields)) {
            return new Got(304, fields, "");
        }
        return new Got(resource.status, fields, "the body of " + sent.url() + " " + name);
    }

    private static boolean isHeld(Sent sent, Map<String, String> fields) {
        String tag = sent.fields().get("If-None-Match");
        if (tag != null) {
            return fields.containsKey("ETag")
                    && fields.get("ETag").replace("W/", "").equals(tag.replace("W/", ""));
        }
        String since = sent.fields().get("If-Modified-Since");
        String modified = fields.get("Last-Modified");
        return since != null && modified != null && ModelCache.millisOf(modified) <= ModelCache.millisOf(since);
    }

    private String dated(int seconds, String otherwise) {
        return seconds == Integer.MIN_VALUE ? otherwise : ModelCache.date(now + 1_000L * seconds);
    }

    private static void put(Map<String, String> fields, String name, String value) {
        if (value != null && !value.isEmpty()) {
            fields.put(name, value);
        }
    }

    /** What a client asks next. */
    Sent request() {
        String method = chance(80) ? "GET" : pick(List.of("HEAD", "HEAD", "POST", "DELETE"));
        String url = pick(URLS);
        Map<String, String> fields = ModelCache.fields(Map.of());
        if (chance(60)) {
            fields.put("Foo", pick(List.of("1", "2")));
        }
        boolean isSafe = method.equals("GET") || method.equals("HEAD");
        if (chance(25) && isSafe) {
            fields.put("Cache-Control", pick(ASKS));
        }
        if (chance(5)) {
            fields.put("Authorization", "Basic YTpi");
        }
        if (chance(12) && isSafe) {
            int version = Math.max(1, resources.get(url).version - random.nextInt(2));
            String foo = resources.get(url).varies ? "-" + fields.get("Foo") : "";
            fields.put("If-None-Match", (chance(30) ? "W/" : "") + "\"v" + version + foo + "\"");
        }
        if (chance(6) && isSafe) {
            fields.put("If-Modified-Since", ModelCache.date(now - 1_000L * random.nextInt(600)));
        }
        if (chance(5) && method.equals("GET")) {
            fields.put("Range", "bytes=0-1");
        }
        return new Sent(method, url, fields);
    }

    /** How many seconds pass before that; never none, so that what is newer is known. */
    int pause() {
        return chance(85) ? 1 + random.nextInt(4) : pick(List.of(8, 15, 40, 300, 4_000));
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
