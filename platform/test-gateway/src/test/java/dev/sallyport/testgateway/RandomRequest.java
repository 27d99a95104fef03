package dev.sallyport.testgateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A request made by chance, odd ones among them.
 *
 * @param target as it stands in the request line
 * @param fields as they stand in the head
 * @param body how many bytes follow
 */
record RandomRequest(String method, String target, List<Map.Entry<String, String>> fields, int body) {

    private static final List<String> USUAL = List.of("a", "b", "a", "b", "c", "7", "a1", "ab", "caf%c3%a9");
    private static final List<String> ODD = List.of(
            "", ".", "..", "%61", "%2F", "%2f", "%2e%2e", "a%2fb", "a%2Fb", "a;v=1", "..;x", "%zz", "%", "{", "|",
            "a.b", "%00", "\\", "%5c", "%C0%AF", "\u00e9", "a+b", "%20", "~", "%7e", "A");
    private static final List<String> HOSTS = List.of(
            "a.test",
            "A.Test",
            "a.test:8080",
            "a.test.",
            "b.test",
            "x.a.test",
            "y.x.a.test",
            "Y.X.A.TEST:80",
            "127.0.0.1",
            "c.test",
            "[::1]:80",
            "a_b.test",
            "a test",
            "a.test:99999",
            "user@a.test");

    /**
     * @param names of steps that may be asked to answer
     * @param cookie one that an earlier answer has set; or none
     */
    static RandomRequest of(Random random, List<String> names, String cookie) {
        String method = pick(random, List.of("GET", "GET", "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"));
        if (random.nextInt(40) == 0) {
            method = pick(random, List.of("TRACE", "BREW", "get", "CONNECT"));
        }
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        fields.add(Map.entry("Host", pick(random, random.nextInt(4) == 0 ? HOSTS : HOSTS.subList(0, 9))));
        if (random.nextInt(60) == 0) {
            fields.add(Map.entry("host", "b.test"));
        }
        fields.add(Map.entry("Connection", random.nextInt(10) == 0 ? "close, x-h" : "close"));
        if (random.nextInt(3) == 0) {
            fields.add(Map.entry("X-H", pick(random, List.of("1", "2", "3", "1, 2"))));
        }
        if (random.nextInt(12) == 0) {
            fields.add(Map.entry("x-h", "2"));
        }
        if (random.nextInt(3) > 0) {
            fields.add(Map.entry("x-user", "user " + random.nextInt(50)));
        }
        if (random.nextInt(4) == 0 && !names.isEmpty()) {
            fields.add(Map.entry("x-ask", random.nextBoolean() ? "any" : pick(random, names)));
        }
        if (random.nextInt(10) == 0 && !names.isEmpty()) {
            fields.add(Map.entry("x-owned-" + pick(random, names), "forged"));
        }
        if (random.nextInt(6) == 0) {
            fields.add(Map.entry(
                    "X-Forwarded-For", pick(random, List.of("203.0.113.9", "198.51.100.1, 127.0.0.9", "unknown"))));
        }
        if (random.nextInt(10) == 0) {
            fields.add(Map.entry("Forwarded", "for=203.0.113.8;proto=https"));
        }
        if (random.nextInt(20) == 0) {
            fields.add(Map.entry("X_Forwarded_For", "10.0.0.1"));
        }
        if (random.nextInt(50) == 0) {
            fields.add(Map.entry("Expect", "a-miracle"));
        }
        if (random.nextInt(30) == 0) {
            fields.add(Map.entry("Max-Forwards", pick(random, List.of("0", "3"))));
        }
        if (random.nextInt(80) == 0) {
            fields.add(Map.entry("bad name", "x"));
        }
        if (!cookie.isEmpty() && random.nextInt(2) == 0) {
            fields.add(Map.entry("Cookie", "x=y; " + cookie));
        }
        int body = 0;
        if (List.of("POST", "PUT", "PATCH").contains(method)) {
            body = random.nextInt(40);
            fields.add(Map.entry("Content-Length", Integer.toString(body)));
        }
        return new RandomRequest(method, target(random, method), fields, body);
    }

    private static String target(Random random, String method) {
        if (method.equals("OPTIONS") && random.nextInt(5) == 0) {
            return "*";
        }
        StringBuilder path = new StringBuilder();
        boolean odd = random.nextInt(6) == 0;
        for (int i = random.nextInt(4); i >= 0; i--) {
            path.append('/').append(pick(random, odd && random.nextInt(2) == 0 ? ODD : USUAL));
        }
        if (random.nextInt(100) == 0) {
            path.append("/long".repeat(20));
        }
        return path
                + pick(
                        random,
                        List.of("", "", "", "?q=1", "?q=2", "?q=%31", "?", "?x&q=1", "?q=1&q=2", "?%zz=%", "?a#b"));
    }

    private static String pick(Random random, List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
