package dev.sallyport.kernel.replay;

import dev.sallyport.kernel.replay.Replay.Subject;
import dev.sallyport.kernel.replay.Replayer.NotRunnableException;
import dev.sallyport.kernel.replay.Replayer.Replayed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One recorded exchange, run through what serves and through a candidate: what each would answer, and what differs for those
 * that were recorded before it, which are run first, so that limits count. For one thread.
 */
public final class TraceReplay {

    private static final int EXAMPLES = 3;

    private final List<Recorded> before;
    private final Recorded chosen;
    private final JsonNode recorded;

    /**
     * A replay.
     *
     * @param traces those that are kept, in any order
     * @param chosen the one that is looked at
     * @throws IllegalArgumentException where that one cannot be run, as its target was too long to be kept
     */
    public TraceReplay(List<String> traces, String chosen) {
        recorded = JsonMapper.shared().readTree(chosen);
        List<Recorded> one = RecordedFile.ofTraces(List.of(recorded));
        if (one.isEmpty()) {
            throw new IllegalArgumentException("this request was not recorded whole enough to be run again");
        }
        this.chosen = one.getFirst();
        before = RecordedFile.ofTraces(traces.stream()
                        .filter(each -> !each.equals(chosen))
                        .map(JsonMapper.shared()::readTree)
                        .toList())
                .stream()
                .filter(each -> !each.at().isAfter(this.chosen.at()))
                .sorted(Comparator.comparing(Recorded::at))
                .toList();
    }

    /**
     * Runs it.
     *
     * @return {@code recorded}, {@code serving}, {@code candidate}, and {@code all}: the counts of {@code sallyport replay}
     * @throws IOException where steps cannot be made, saying why
     * @throws InterruptedException between two requests, where the thread was interrupted
     */
    public ObjectNode run(Subject serving, Subject candidate) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("sallyport-replay");
        try (Replayer now = Replay.replayer(serving, data.resolve("serving"));
                Replayer next = Replay.replayer(candidate, data.resolve("candidate"))) {
            Comparison comparison = new Comparison(candidate.config(), EXAMPLES);
            for (Recorded each : before) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                comparison.add(each, now.run(each).outcome(), next.run(each));
            }
            Replayed as = now.run(chosen);
            Replayed would = next.run(chosen);
            comparison.add(chosen, as.outcome(), would);
            ObjectNode json = JsonMapper.shared().createObjectNode();
            json.set("recorded", recorded);
            json.set("serving", json(as));
            json.set("candidate", json(would));
            json.set("all", comparison.json(0));
            return json;
        } catch (NotRunnableException e) {
            throw new IOException("the steps cannot be made: " + e.getMessage(), e);
        } finally {
            Replay.delete(data);
        }
    }

    private static ObjectNode json(Replayed replayed) {
        Outcome outcome = replayed.outcome();
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("verdict", outcome.verdict())
                .put("status", outcome.status());
        putIfKnown(json, "route", outcome.route());
        putIfKnown(json, "upstream", outcome.upstream());
        putIfKnown(json, "body", replayed.body());
        JsonNode trace = replayed.trace();
        if (trace != null) {
            json.set("headers", trace.path("response").path("headers"));
            json.set("steps", trace.path("steps"));
        }
        ObjectNode unknown = json.putObject("unknown");
        replayed.unknown().forEach(unknown::put);
        replayed.leftOut().forEach(json.putArray("notRun")::add);
        return json;
    }

    private static void putIfKnown(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
