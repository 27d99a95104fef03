package dev.sallyport.plugins.elk;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import co.elastic.clients.transport.TransportException;
import co.elastic.clients.util.BinaryData;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to a data stream, each under its own id and only where none has that id ({@code op_type=create}), so that one which
 * is sent again is there once: the answer 409 says so.
 *
 * <p>That holds within one index of the stream. So where records may have arrived before, and the stream may have gone on to another
 * index since, those that are there are asked for first, and only the others are sent.
 */
final class ElasticsearchOutput implements Output {

    private final List<Node> nodes;
    private final IndexStream stream;
    private int current;
    private @Nullable String place;

    ElasticsearchOutput(List<Node> nodes, IndexStream stream) {
        this.nodes = List.copyOf(nodes);
        this.stream = stream;
    }

    @Override
    public @Nullable String place() {
        return place;
    }

    @Override
    public Outcome send(List<Entry> entries, @Nullable Doubt doubt) {
        Outcome outcome = new Outcome();
        Node node = nodes.get(current);
        try {
            Trouble trouble = stream.prepare(node);
            if (trouble != null) {
                outcome.again(entries, trouble);
                return next(outcome);
            }
            if (doubt == null) {
                bulk(node, entries, there -> false, outcome);
            } else {
                inDoubt(node, entries, doubt, outcome);
            }
        } catch (IOException | RuntimeException e) {
            // Nothing was sent: what sends has a catch of its own.
            outcome.again(entries, away(node, e));
        }
        outcome.settleSuspects();
        return next(outcome);
    }

    private void inDoubt(Node node, List<Entry> entries, Doubt doubt, Outcome outcome) throws IOException {
        String index = stream.writeIndex(node);
        if (index != null && index.equals(doubt.place())) {
            // It may roll over between that answer and the next one.
            bulk(node, entries, there -> !there.equals(index), outcome);
            return;
        }
        Set<String> present =
                stream.present(node, entries.stream().map(Entry::id).toList());
        List<Entry> missing = present == null
                ? entries
                : entries.stream()
                        .filter(entry -> !present.contains(entry.id()))
                        .toList();
        outcome.before(entries.size() - missing.size());
        if (!missing.isEmpty()) {
            bulk(node, missing, there -> true, outcome);
        }
    }

    /** Another server has its turn where this one is away. */
    private Outcome next(Outcome outcome) {
        Trouble trouble = outcome.trouble();
        if (trouble != null && trouble.kind() == Trouble.Kind.AWAY) {
            current = (current + 1) % nodes.size();
            stream.doubt();
        }
        return outcome;
    }

    /** @param isDouble whether a record that went to that index only now may be in another one too */
    private void bulk(Node node, List<Entry> entries, Predicate<String> isDouble, Outcome outcome) {
        List<BulkOperation> operations = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            BinaryData document = BinaryData.of(entry.json(), "application/json");
            operations.add(BulkOperation.of(operation ->
                    operation.create(create -> create.id(entry.id()).document(document))));
        }
        BulkRequest request = BulkRequest.of(bulk -> {
            bulk.index(stream.name()).operations(operations);
            return stream.isAlias() ? bulk.requireAlias(true) : bulk;
        });
        BulkResponse response;
        try {
            response = node.bulk(request);
        } catch (ElasticsearchException e) {
            refused(node, entries, isDouble, outcome, e.status(), e.getMessage());
            return;
        } catch (TransportException e) {
            refused(node, entries, isDouble, outcome, e.statusCode(), e.getMessage());
            return;
        } catch (IOException | RuntimeException e) {
            if (isUnsent(e)) {
                outcome.again(entries, away(node, e));
            } else {
                outcome.unknown(entries, away(node, e));
            }
            return;
        }
        items(node, entries, isDouble, outcome, response.items());
    }

    /** The whole request got a status of failure. */
    private void refused(
            Node node,
            List<Entry> entries,
            Predicate<String> isDouble,
            Outcome outcome,
            int status,
            @Nullable String message) {
        String reason = node + ": " + status + " " + Texts.shortened(String.valueOf(message));
        switch (status) {
            case 400, 413 -> {
                if (entries.size() == 1 && status == 413) {
                    outcome.reject(entries.getFirst(), reason);
                } else if (outcome.isHopeless()) {
                    outcome.again(entries, new Trouble(Trouble.Kind.REFUSED, reason));
                } else if (entries.size() == 1) {
                    outcome.suspect(entries.getFirst(), reason);
                } else {
                    bulk(node, entries.subList(0, entries.size() / 2), isDouble, outcome);
                    bulk(node, entries.subList(entries.size() / 2, entries.size()), isDouble, outcome);
                }
            }
            case 401, 403 -> outcome.again(entries, new Trouble(Trouble.Kind.REFUSED, reason));
            case 429 -> outcome.again(entries, new Trouble(Trouble.Kind.BUSY, reason));
            case 404, 405 -> {
                stream.doubt();
                outcome.again(entries, new Trouble(Trouble.Kind.REFUSED, reason));
            }
            default -> outcome.unknown(entries, new Trouble(Trouble.Kind.AWAY, reason));
        }
    }

    private void items(
            Node node, List<Entry> entries, Predicate<String> isDouble, Outcome outcome, List<BulkResponseItem> items) {
        if (items.size() != entries.size()) {
            outcome.unknown(
                    entries, new Trouble(Trouble.Kind.AWAY, node + ": an answer for other records than were sent"));
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            BulkResponseItem item = items.get(i);
            List<Entry> one = entries.subList(i, i + 1);
            int status = item.status();
            if (status == 409 || (status >= 200 && status < 300)) {
                place = item.index();
            }
            switch (status) {
                case 200, 201 -> {
                    outcome.arrived(1);
                    outcome.perhapsDouble(isDouble.test(item.index()) ? 1 : 0);
                }
                case 409 -> outcome.before(1);
                case 429 -> outcome.again(one, new Trouble(Trouble.Kind.BUSY, reason(node, item)));
                case 401, 403, 408 -> outcome.again(one, new Trouble(Trouble.Kind.REFUSED, reason(node, item)));
                case 404 -> {
                    stream.doubt();
                    outcome.again(one, new Trouble(Trouble.Kind.BUSY, reason(node, item)));
                }
                default -> {
                    if (status >= 500) {
                        outcome.unknown(one, new Trouble(Trouble.Kind.BUSY, reason(node, item)));
                    } else if (isOfTheStream(item)) {
                        stream.doubt();
                        outcome.again(one, new Trouble(Trouble.Kind.REFUSED, reason(node, item)));
                    } else {
                        outcome.reject(one.getFirst(), reason(node, item));
                    }
                }
            }
        }
    }

    /** Whether not the record is at fault, but an alias that points nowhere. */
    private static boolean isOfTheStream(BulkResponseItem item) {
        ErrorCause error = item.error();
        String reason = error == null ? null : error.reason();
        return error != null
                && reason != null
                && "illegal_argument_exception".equals(error.type())
                && (reason.contains("write index") || reason.contains("alias ["));
    }

    private static String reason(Node node, BulkResponseItem item) {
        ErrorCause error = item.error();
        StringBuilder reason = new StringBuilder(node + ": " + item.status());
        for (ErrorCause cause = error; cause != null; cause = cause.causedBy()) {
            reason.append(' ').append(cause.type()).append(": ").append(cause.reason());
        }
        return Texts.shortened(reason.toString());
    }

    /**
     * Whether the request surely did not leave this machine. A TLS connection that breaks later throws an exception of TLS too, so
     * only what ends a handshake says so.
     */
    static boolean isUnsent(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof ConnectTimeoutException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof SSLHandshakeException
                    || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private static Trouble away(Node node, Exception e) {
        return new Trouble(Trouble.Kind.AWAY, node + ": " + Texts.shortened(e.toString()));
    }

    @Override
    public void tend() {
        try {
            stream.tend(nodes.get(current));
        } catch (IOException | RuntimeException e) {
            // the next record will tell
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
