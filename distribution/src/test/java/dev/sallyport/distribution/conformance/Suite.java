package dev.sallyport.distribution.conformance;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** Plays all cases against a peer, each on a connection of its own, many at a time. */
public final class Suite {

    private static final int AT_ONCE = 16;

    private Suite() {}

    /**
     * Who is tried.
     *
     * @param http1 the port that speaks HTTP/1.1
     * @param http2 the port that speaks HTTP/2 with prior knowledge
     * @param strict whether the keys {@code here} bind it
     */
    public record Peer(String name, int http1, int http2, boolean strict) {}

    /**
     * How a case went.
     *
     * @param wrong what was not as expected; empty where it passed
     * @param notFor why it was not tried; null where it was
     */
    public record Result(List<String> wrong, String notFor, Object status) {

        public boolean failed() {
            return !wrong.isEmpty();
        }
    }

    /** The results by the cases' names, in the order of the cases. */
    public static Map<String, Result> run(List<Case> cases, Peer peer, ScriptedTarget target) {
        target.reset();
        Map<String, Result> results = new ConcurrentHashMap<>();
        try (ExecutorService players = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Case one : cases) {
                players.execute(() -> results.put(one.id(), play(one, peer, target)));
            }
        }
        Map<String, Result> ordered = new LinkedHashMap<>();
        cases.forEach(one -> ordered.put(one.id(), results.get(one.id())));
        return ordered;
    }

    private static Result play(Case one, Peer peer, ScriptedTarget target) {
        String deviates = one.deviates(peer.name());
        String notFor = deviates == null ? one.notFor(peer.name()) : "deviates: " + deviates;
        if (notFor != null) {
            return new Result(List.of(), notFor, "");
        }
        Seen seen = target.seen(one.id());
        Map<String, Object> expected = one.expected("client", peer.strict());
        try {
            Outcome outcome = one.isHttp2()
                    ? Http2Client.play(one, seen, expected, peer.http2())
                    : Http1Client.play(one, seen, expected, peer.http1());
            return new Result(Judge.judge(one, peer.strict(), outcome, seen), null, outcome.status());
        } catch (IOException | RuntimeException e) {
            return new Result(List.of("it could not be played: " + e), null, "");
        }
    }

    /** The failures, a line each. */
    public static String failures(Map<String, Result> results) {
        return results.entrySet().stream()
                .filter(one -> one.getValue().failed())
                .map(one ->
                        one.getKey() + ": " + String.join("; ", one.getValue().wrong()))
                .collect(Collectors.joining("\n"));
    }
}
