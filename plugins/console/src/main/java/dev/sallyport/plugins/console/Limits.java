package dev.sallyport.plugins.console;

import dev.sallyport.api.Headers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the last answers to each consumer told of its limits, by the fields {@code RateLimit} and {@code RateLimit-Policy}
 * (draft-ietf-httpapi-ratelimit-headers-10), whichever step or service wrote them. Bounded: those who were heard of last are
 * kept. Thread-safe; nobody waits for a lock where it is written.
 */
final class Limits {

    private static final int MOST_CONSUMERS = 1000;

    /** How many make room at once, so that it is looked for seldom. */
    private static final int EVICTED = 100;

    private static final int MOST_ROUTES = 8;
    private static final int LONGEST = 1000;

    /** An item of the field: a name, and parameters. */
    private static final Pattern ITEM =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.){1,100})\"((?:\\s*;\\s*[a-z*]+=(?:\"[^\"]*\"|[^;,\"\\s]+))*)");

    private static final Pattern NUMBER = Pattern.compile(";\\s*([qwrt])=(\\d{1,15})(?![\\d.])");

    private final Map<String, Map<String, Told>> consumers = new ConcurrentHashMap<>();
    private final ReentrantLock evicting = new ReentrantLock();

    /** The fields as they came, read when somebody looks. */
    private record Last(String policy, String left, long at) {}

    private static final class Told {
        private final AtomicLong refused = new AtomicLong();
        private volatile Last last = new Last("", "", 0);
    }

    /**
     * Takes what an answer tells; nothing where it tells nothing.
     *
     * @param at when, in milliseconds
     */
    void saw(String consumer, String route, int status, Headers headers, long at) {
        String left = headers.get("ratelimit");
        if (left == null || left.length() > LONGEST) {
            return;
        }
        Map<String, Told> routes = consumers.get(consumer);
        if (routes == null) {
            if (consumers.size() >= MOST_CONSUMERS && !evicted()) {
                return; // another thread makes room; some more that find it not yet full do no harm
            }
            routes = consumers.computeIfAbsent(consumer, first -> new ConcurrentHashMap<>());
        }
        Told told = routes.get(route);
        if (told == null) {
            if (routes.size() >= MOST_ROUTES) {
                return;
            }
            told = routes.computeIfAbsent(route, first -> new Told());
        }
        String policy = headers.get("ratelimit-policy", "");
        told.last = new Last(policy.length() > LONGEST ? "" : policy, left, at);
        if (status == 429) {
            told.refused.incrementAndGet();
        }
    }

    /** Lets go of those who were not heard of for longest; false where somebody does that already. */
    private boolean evicted() {
        if (!evicting.tryLock()) {
            return false;
        }
        try {
            Map<String, Long> heard = new HashMap<>();
            consumers.forEach((name, routes) -> heard.put(
                    name,
                    routes.values().stream()
                            .mapToLong(told -> told.last.at())
                            .max()
                            .orElse(0)));
            heard.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue())
                    .limit(Math.max(0, heard.size() - MOST_CONSUMERS + EVICTED))
                    .forEach(each -> consumers.remove(each.getKey()));
            return true;
        } finally {
            evicting.unlock();
        }
    }

    /** By consumer and route, as JSON shapes; of one consumer where that is named. */
    Map<String, Object> json(@Nullable String consumer) {
        Map<String, Object> json = new TreeMap<>();
        consumers.forEach((name, routes) -> {
            if (consumer == null || consumer.equals(name)) {
                List<Map<String, Object>> list = new ArrayList<>();
                routes.forEach((route, told) -> list.add(route(route, told)));
                json.put(name, list);
            }
        });
        return json;
    }

    /** Refusals are the route's: an answer that refuses does not tell which limit of several did. */
    private static Map<String, Object> route(String route, Told told) {
        Last last = told.last;
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("route", route);
        json.put("at", last.at());
        json.put("refused", told.refused.get());
        json.put("limits", limits(last));
        return json;
    }

    private static List<Map<String, Object>> limits(Last last) {
        Map<String, Map<Character, Long>> policies = items(last.policy());
        List<Map<String, Object>> list = new ArrayList<>();
        items(last.left()).forEach((name, left) -> {
            Map<Character, Long> policy = policies.getOrDefault(name, Map.of());
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("limit", name);
            one.put("of", policy.get('q'));
            one.put("seconds", policy.get('w'));
            one.put("left", left.get('r'));
            one.put("again", left.get('t'));
            list.add(one);
        });
        return list;
    }

    private static Map<String, Map<Character, Long>> items(String field) {
        Map<String, Map<Character, Long>> items = new LinkedHashMap<>();
        Matcher item = ITEM.matcher(field);
        while (item.find()) {
            Map<Character, Long> numbers = new TreeMap<>();
            Matcher number = NUMBER.matcher(item.group(2));
            while (number.find()) {
                numbers.put(number.group(1).charAt(0), Long.valueOf(number.group(2)));
            }
            items.put(item.group(1), numbers);
        }
        return items;
    }
}
