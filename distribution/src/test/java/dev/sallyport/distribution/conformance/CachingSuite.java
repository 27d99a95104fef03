package dev.sallyport.distribution.conformance;

import dev.sallyport.distribution.conformance.Suite.Peer;
import dev.sallyport.distribution.conformance.Suite.Result;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Plays all cases of caching against a peer, each under a path of its own, many at a time. */
public final class CachingSuite {

    private static final int AT_ONCE = 24;

    private CachingSuite() {}

    /** The results by the cases' names, in the order of the cases. */
    public static Map<String, Result> run(List<CachingCase> cases, Peer peer, CachingTarget target) {
        Map<String, Result> results = new ConcurrentHashMap<>();
        try (ExecutorService players = Executors.newFixedThreadPool(AT_ONCE)) {
            for (CachingCase one : cases) {
                players.execute(() -> results.put(one.id(), play(one, peer, target)));
            }
        }
        Map<String, Result> ordered = new LinkedHashMap<>();
        cases.forEach(one -> ordered.put(one.id(), results.get(one.id())));
        return ordered;
    }

    private static Result play(CachingCase one, Peer peer, CachingTarget target) {
        String deviates = one.deviates(peer.name());
        String notFor = deviates != null ? "deviates: " + deviates : peer.strict() ? null : notForOthers(one);
        if (notFor != null) {
            return new Result(List.of(), notFor, "");
        }
        CachingPlay play = new CachingPlay(one, peer.strict(), peer.http1());
        target.begin(play);
        try {
            return new Result(play.play(), null, "");
        } catch (IOException | RuntimeException e) {
            return new Result(List.of("it could not be played: " + e), null, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(List.of("it was interrupted"), null, "");
        }
    }

    private static String notForOthers(CachingCase one) {
        return switch (one.area()) {
            case "cache-status" -> "it does not write the field of RFC 9211";
            case "targeted" -> "it does not read the fields of RFC 9213";
            case "data" -> "its configuration is another";
            default -> null;
        };
    }
}
