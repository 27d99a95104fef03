package dev.sallyport.plugins.analytics;

import dev.sallyport.api.Query;
import dev.sallyport.api.Query.Parameter;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be asked of what was counted. */
final class Questions {

    private static final int MOST_LISTED = 1_000;

    private static final List<Parameter> TIME = List.of(
            new Parameter("from", "The first moment, such as 2027-03-01T06:00:00Z; its minute counts whole."),
            new Parameter("to", "The last moment; now if not given."),
            new Parameter("last", "Instead of from: how long before to, such as 15m; 1h if neither is given."));

    private final Recorder recorder;
    private final AnalyticsConfig config;
    private final InstantSource clock;
    private final Turns turns = new Turns(Turns.PATIENCE);

    Questions(Recorder recorder, AnalyticsConfig config, InstantSource clock) {
        this.recorder = recorder;
        this.config = config;
        this.clock = clock;
    }

    List<Query> all() {
        return List.of(
                new Query(
                        "usage",
                        "Counts, rates, errors, bytes and latencies, in groups and steps of time.",
                        with(
                                new Parameter(
                                        "groupBy", "route, consumer, status, class or client; several with commas."),
                                new Parameter(
                                        "every", "The steps of time, such as 1m, 1h or 1d; one step if not given."),
                                new Parameter("orderBy", "count, errors, bytes or p99; count if not given."),
                                new Parameter("limit", "The most groups; 20 if not given, at most 1000."),
                                new Parameter("route", "Only of that route; empty for requests that matched none."),
                                new Parameter("consumer", "Only of that consumer; empty for strangers."),
                                new Parameter("status", "Only with that status."),
                                new Parameter("class", "Only with a status of that class, such as 5xx."),
                                new Parameter("client", "Only of that client, as groupBy=client shows it.")),
                        given -> turns.take(() -> new Usage(new Given(given, clock.instant())).answer(recorder))),
                new Query(
                        "top-paths",
                        "The paths that are asked for most; atMostOver is by how much a count may be too high.",
                        with(new Parameter("limit", "How many; 20 if not given, at most 1000.")),
                        given -> turns.take(() -> paths(given))),
                new Query(
                        "errors",
                        "Samples of requests that failed, the newest first.",
                        with(
                                new Parameter("route", "Only of that route."),
                                new Parameter("status", "Only with that status."),
                                new Parameter("limit", "How many; 20 if not given, at most 1000.")),
                        given -> turns.take(() -> errors(given))));
    }

    private static List<Parameter> with(Parameter... more) {
        List<Parameter> all = new ArrayList<>(TIME);
        all.addAll(List.of(more));
        return all;
    }

    private Map<String, Object> paths(Map<String, String> values) throws IOException {
        Given given = new Given(values, clock.instant());
        Given.Span span = given.span();
        int limit = given.number("limit", 20, MOST_LISTED);
        TopPaths all = recorder.read(span.from(), span.to(), true, () -> new TopPaths(config.top() * 4));
        List<Map<String, Object>> paths = all.paths.entries().stream()
                .limit(limit)
                .map(entry -> {
                    Map<String, Object> path = new LinkedHashMap<>();
                    path.put("path", entry.value());
                    path.put("count", entry.count());
                    path.put("atMostOver", entry.over());
                    return path;
                })
                .toList();
        Map<String, Object> answer = answer(span);
        answer.put("paths", paths);
        return answer;
    }

    private Map<String, Object> errors(Map<String, String> values) throws IOException {
        Given given = new Given(values, clock.instant());
        Given.Span span = given.span();
        int limit = given.number("limit", 20, MOST_LISTED);
        String route = given.text("route");
        String status = given.text("status");
        if (status != null) {
            Dimension.STATUS.check(status);
        }
        Newest newest = recorder.read(span.from(), span.to(), false, () -> new Newest(span, route, status, limit));
        List<Map<String, Object>> samples = newest.samples().stream()
                .map(sample -> {
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("at", Instant.ofEpochMilli(sample.at()).toString());
                    json.put("route", sample.route().isEmpty() ? null : sample.route());
                    json.put("status", sample.status());
                    json.put("record", sample.json());
                    return json;
                })
                .toList();
        Map<String, Object> answer = answer(span);
        answer.put("errors", samples);
        return answer;
    }

    private static final class TopPaths implements Reading {
        private final SpaceSaving paths;

        private TopPaths(int most) {
            paths = new SpaceSaving(most);
        }

        @Override
        public boolean add(long first, long end, Slice slice) {
            paths.add(slice.paths());
            return true;
        }
    }

    private static Map<String, Object> answer(Given.Span span) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("from", span.start().toString());
        answer.put("to", span.end().toString());
        return answer;
    }
}
