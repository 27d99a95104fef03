package dev.sallyport.kernel.replay;

import dev.sallyport.kernel.replay.Replay.Subject;
import dev.sallyport.kernel.replay.Replayer.NotRunnableException;
import dev.sallyport.kernel.replay.Replayer.Replayed;
import dev.sallyport.kernel.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One recorded exchange, run through what serves and through a candidate: what each would answer, and what differs for those
 * that were recorded before it, which are run first, so that limits count. Run by one thread; whoever waits for that no
 * longer may close it meanwhile.
 */
public final class TraceReplay implements AutoCloseable {

    private static final int EXAMPLES = 3;

    private final List<Recorded> before;
    private final Recorded chosen;
    private final JsonNode recorded;

    private final ReentrantLock turn = new ReentrantLock();
    private final List<Replayer> replayers = new ArrayList<>(2);
    private boolean closed;

    /**
     * A replay.
     *
     * @param kept all traces that are kept, the newest first
     * @param chosen the one among them that is looked at
     * @throws IllegalArgumentException where that one cannot be run, as its target was too long to be kept
     */
    public TraceReplay(List<Trace> kept, Trace chosen) {
        recorded = JsonMapper.shared().readTree(chosen.json());
        List<Recorded> one = RecordedFile.ofTraces(List.of(recorded));
        if (one.isEmpty()) {
            throw new IllegalArgumentException("this request was not recorded whole enough to be run again");
        }
        this.chosen = one.getFirst();
        before = RecordedFile.ofTraces(before(kept, chosen).stream()
                .map(each -> JsonMapper.shared().readTree(each.json()))
                .toList());
    }

    /** Those that began before it, in that order; of those that began in the same moment, the ones that were kept before. */
    static List<Trace> before(List<Trace> newestFirst, Trace chosen) {
        Instant at = chosen.at();
        List<Trace> before = new ArrayList<>();
        boolean past = false;
        for (Trace each : newestFirst) {
            if (each.equals(chosen)) {
                past = true;
            } else if (each.at().isBefore(at) || (past && each.at().equals(at))) {
                before.add(each);
            }
        }
        return before.reversed().stream()
                .sorted(Comparator.comparing(Trace::at))
                .toList();
    }

    /**
     * Runs it.
     *
     * @return {@code recorded}, {@code serving}, {@code candidate}, and {@code all}: the counts of {@code sallyport replay}
     * @throws IOException where steps cannot be made, saying why
     * @throws InterruptedException between two requests, where the thread was interrupted or this was closed
     */
    public ObjectNode run(Subject serving, Subject candidate) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("sallyport-replay");
        try (Replayer now = opened(Replay.replayer(serving, data.resolve("serving")));
                Replayer next = opened(Replay.replayer(candidate, data.resolve("candidate")))) {
            Comparison comparison = new Comparison(candidate.config(), EXAMPLES);
            for (Recorded each : before) {
                goOn();
                comparison.add(each, now.run(each).outcome(), next.run(each));
            }
            goOn();
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

    private Replayer opened(Replayer made) throws InterruptedException {
        turn.lock();
        try {
            if (!closed) {
                replayers.add(made);
                return made;
            }
        } finally {
            turn.unlock();
        }
        made.close();
        throw new InterruptedException("nobody waits for it any more");
    }

    private void goOn() throws InterruptedException {
        turn.lock();
        try {
            if (closed || Thread.interrupted()) {
                throw new InterruptedException("nobody waits for it any more");
            }
        } finally {
            turn.unlock();
        }
    }

    /** Gives up: closes what was made for it, also where a step of it does not come back. */
    @Override
    public void close() {
        List<Replayer> made;
        turn.lock();
        try {
            closed = true;
            made = List.copyOf(replayers);
        } finally {
            turn.unlock();
        }
        made.forEach(Replayer::close);
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
