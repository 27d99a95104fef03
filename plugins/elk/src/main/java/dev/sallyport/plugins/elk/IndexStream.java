package dev.sallyport.plugins.elk;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The data stream that records go to; where the server has none, as those before 7.9 and the bare server have not, an alias over
 * numbered indices in its place. For one thread.
 */
final class IndexStream {

    private static final long TEND_NANOS = Duration.ofMinutes(5).toNanos();

    /** A search gives 10,000 at most, and an index may be set to less. */
    private static final int ASKED_AT_ONCE = 1_000;

    private final String name;
    private final boolean install;
    private final Lifecycle lifecycle;
    private final Installation installation;
    private boolean ready;
    private boolean dataStreams;
    private long tendedAt = System.nanoTime();

    IndexStream(String name, boolean install, Lifecycle lifecycle) {
        this.name = name;
        this.install = install;
        this.lifecycle = lifecycle;
        installation = new Installation(name, lifecycle);
    }

    String name() {
        return name;
    }

    /** Whether it is an alias. */
    boolean isAlias() {
        return ready && !dataStreams;
    }

    /**
     * Makes sure, once, that it is there.
     *
     * @return what is in the way; null where it is there
     * @throws IOException where the server does not answer
     */
    @Nullable
    Trouble prepare(Node node) throws IOException {
        if (ready) {
            return null;
        }
        Node.Answer answer = node.request("GET", "/_data_stream/" + name, null);
        int status = answer.status();
        if (status == 401 || (status == 403 && install)) {
            return new Trouble(Trouble.Kind.REFUSED, node + " refuses us: " + answer.reason());
        }
        boolean known = status == 200 || status == 404 || status == 403;
        if (!known && status != 400 && status != 405) {
            return new Trouble(Trouble.Kind.BUSY, node + ": " + answer.reason());
        }
        dataStreams = known;
        Trouble trouble = install ? installation.install(node, dataStreams) : null;
        ready = trouble == null;
        return trouble;
    }

    /** It may be gone: looks again before the next use. */
    void doubt() {
        ready = false;
    }

    /** The index that is written to now; null where that cannot be asked. */
    @Nullable
    String writeIndex(Node node) throws IOException {
        Node.Answer answer = node.request("GET", (dataStreams ? "/_data_stream/" : "/_alias/") + name, null);
        if (!answer.isOk()) {
            return null;
        }
        if (dataStreams) {
            JsonArray indices =
                    answer.body().getJsonArray("data_streams").getJsonObject(0).getJsonArray("indices");
            return indices.getJsonObject(indices.size() - 1).getString("index_name");
        }
        for (String index : answer.body().keySet()) {
            JsonObject alias =
                    answer.body().getJsonObject(index).getJsonObject("aliases").getJsonObject(name);
            if (alias.getBoolean("is_write_index", answer.body().size() == 1)) {
                return index;
            }
        }
        return null;
    }

    /** Which of those ids are there, in whichever index; null where we may not ask. */
    @Nullable
    Set<String> present(Node node, List<String> ids) throws IOException {
        Node.Answer refreshed = node.request("POST", "/" + name + "/_refresh", null);
        if (refreshed.status() == 404) {
            return Set.of();
        }
        if (refreshed.status() == 401 || refreshed.status() == 403) {
            return null; // what is not refreshed is not found
        }
        Set<String> present = new HashSet<>();
        for (int from = 0; from < ids.size(); from += ASKED_AT_ONCE) {
            Node.Answer found = found(node, ids.subList(from, Math.min(ids.size(), from + ASKED_AT_ONCE)));
            if (found.status() == 401 || found.status() == 403) {
                return null;
            }
            if (!refreshed.isOk() || !found.isOk()) {
                throw new IOException("what has arrived cannot be asked: "
                        + (refreshed.isOk() ? found.reason() : refreshed.reason()));
            }
            JsonObject hits = found.body().getJsonObject("hits");
            if (hits != null) {
                for (JsonValue hit : hits.getJsonArray("hits")) {
                    present.add(hit.asJsonObject().getString("_id"));
                }
            }
        }
        return present;
    }

    private Node.Answer found(Node node, List<String> ids) throws IOException {
        String values = ids.stream().map(Texts::quoted).collect(Collectors.joining(","));
        return node.request(
                "POST",
                "/" + name + "/_search?allow_partial_search_results=false&filter_path=hits.hits._id",
                "{\"size\":" + 2 * ids.size() + ",\"_source\":false,\"query\":{\"ids\":{\"values\":[" + values
                        + "]}}}");
    }

    /** Begins a new index where the present one is old or large, since nobody else does where there are no lifecycle policies. */
    void tend(Node node) throws IOException {
        if (!isAlias() || !install || System.nanoTime() - tendedAt < TEND_NANOS) {
            return;
        }
        tendedAt = System.nanoTime();
        node.request(
                "POST",
                "/" + name + "/_rollover",
                "{\"conditions\":{\"max_age\":\"" + lifecycle.rolloverAge().toHours() + "h\",\"max_size\":\""
                        + lifecycle.rolloverSize().bytes() + "b\"}}");
    }
}
