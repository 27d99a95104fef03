package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Answer;
import dev.sallyport.api.AdminPages.Call;
import dev.sallyport.api.AdminPages.Caller;
import dev.sallyport.api.AdminPages.Stream;
import dev.sallyport.api.Json;
import dev.sallyport.plugins.console.History.Question;
import dev.sallyport.plugins.console.Key.By;
import dev.sallyport.plugins.console.RecentRequests.BadQueryException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the page shows that the admin API does not: everything under {@code /api} of the console, for whoever may look. Thread-safe. */
final class DataPages {

    private static final String REQUESTS = "/api/requests";
    private static final long FIVE_MINUTES = 300;
    private static final int POINTS = 300;
    private static final long CONFIGURED_NANOS = 30_000_000_000L;
    private static final Set<By> ASKABLE = Set.of(By.ALL, By.STATUS, By.ROUTE, By.UPSTREAM, By.CONSUMER);

    private final List<LinkConfig> links;
    private final Counters counters;
    private final Limits limits;
    private final Ticker ticker;
    private final History history;
    private final Live live;
    private final @Nullable RecentRequests requests;
    private final Clock clock;

    /** To list routes is dear where there are very many, and the first ones seldom change. */
    private volatile @Nullable Configured configured;

    private record Configured(List<String> names, long at) {}

    DataPages(
            List<LinkConfig> links,
            Counters counters,
            Limits limits,
            Ticker ticker,
            History history,
            Live live,
            @Nullable RecentRequests requests,
            Clock clock) {
        this.links = links;
        this.counters = counters;
        this.limits = limits;
        this.ticker = ticker;
        this.history = history;
        this.live = live;
        this.requests = requests;
        this.clock = clock;
    }

    /** What belongs to a path under {@code /api}. */
    Answer answer(Call call, String path) {
        Caller caller = call.caller();
        if (caller == null) {
            return Answers.unauthorized(
                    "send the token of the session, or one of the admin API, as Authorization: Bearer …");
        }
        if (!call.method().equals("GET")) {
            return Answers.methodNotAllowed("GET, HEAD");
        }
        try {
            return switch (path) {
                case "/api/live" -> live(call);
                case "/api/series" -> Answers.json(history.answer(question(call.parameters()), seconds()));
                case "/api/map" -> Answers.json(map(call, caller));
                case "/api/limits" ->
                    Answers.json(
                            Map.of("consumers", limits.json(call.parameters().get("consumer"))));
                case "/api/links" ->
                    Answers.json(
                            Map.of("links", links.stream().map(LinkConfig::json).toList()));
                case REQUESTS -> requests(call.parameters());
                default ->
                    path.startsWith(REQUESTS + "/")
                            ? request(URLDecoder.decode(path.substring(REQUESTS.length() + 1), StandardCharsets.UTF_8))
                            : Answers.notFound(
                                    "there are /api/live, /api/series, /api/map, /api/limits, /api/links and "
                                            + REQUESTS);
            };
        } catch (BadQueryException e) {
            return Answers.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private long seconds() {
        return clock.instant().getEpochSecond();
    }

    private Answer live(Call call) {
        Stream stream = live.watch(call);
        return stream == null
                ? Answers.problem(
                        503, "overloaded", "Overloaded", Live.MOST_VIEWERS + " look already; close one of the pages")
                : new Answer(200, Answers.headers("text/event-stream"), ByteBuffer.allocate(0), stream);
    }

    private Question question(Map<String, String> query) throws BadQueryException {
        By by = By.ALL;
        String name = "";
        long to = seconds();
        Long from = null;
        long points = POINTS;
        for (Map.Entry<String, String> each : query.entrySet()) {
            String value = each.getValue();
            switch (each.getKey()) {
                case "by" -> by = by(value);
                case "name" -> name = value;
                case "from" -> from = RecentRequests.number("from", value) / 1000;
                case "to" -> to = RecentRequests.number("to", value) / 1000;
                case "points" -> points = RecentRequests.number("points", value);
                default ->
                    throw new BadQueryException(
                            each.getKey() + " is no parameter of this (expected: by, name, from, to, points)");
            }
        }
        long start = from == null ? to - FIVE_MINUTES : from;
        if (start > to) {
            throw new BadQueryException("from: later than to (expected: earlier)");
        }
        return new Question(by, name, start, to, (int) Math.min(points, Integer.MAX_VALUE));
    }

    private static By by(String value) throws BadQueryException {
        return Arrays.stream(By.values())
                .filter(each -> ASKABLE.contains(each) && each.written().equals(value))
                .findFirst()
                .orElseThrow(() -> new BadQueryException("by: " + value + " (expected: "
                        + Arrays.stream(By.values())
                                .filter(ASKABLE::contains)
                                .map(By::written)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    private Map<String, Object> map(Call call, Caller caller) {
        counters.lookAtSteps();
        Ticker.Lately lately = ticker.lately();
        return new TrafficMap(
                        lately.counts(),
                        ticker.readStates(),
                        call.admin(),
                        caller,
                        lately.seconds(),
                        configured(call, caller))
                .json();
    }

    private List<String> configured(Call call, Caller caller) {
        Configured known = configured;
        if (known == null || System.nanoTime() - known.at > CONFIGURED_NANOS) {
            known = new Configured(TrafficMap.configured(call.admin(), caller), System.nanoTime());
            configured = known;
        }
        return known.names;
    }

    private Answer requests(Map<String, String> query) throws BadQueryException {
        if (requests == null) {
            return Answers.json(Map.of("kept", false, "requests", List.of()));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kept", true);
        json.put(
                "requests",
                requests.search(query).stream().map(RecentRequest::json).toList());
        return Answers.json(json);
    }

    private Answer request(String id) {
        RecentRequest found = requests == null ? null : requests.find(id);
        return found == null
                ? Answers.notFound("no request " + id + " is kept; it may have been long ago")
                : Answers.jsonText(200, Json.write(found.json()));
    }
}
