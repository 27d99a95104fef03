package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.message.Messages;
import dev.sallyport.plugins.graphql.PersistedQueries.Found;
import dev.sallyport.plugins.graphql.RefusedException.Why;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Judges each operation before it goes up. */
final class GraphqlFilter implements Filter {

    static final Attribute<String> OPERATION = Attribute.of("graphql-operation", String.class);
    static final Attribute<String> KIND = Attribute.of("graphql-kind", String.class);

    private static final List<String> SUBPROTOCOLS = List.of("graphql-transport-ws", "graphql-ws");

    private static final Problem SUBPROTOCOL = new Problem(400, "graphql-subprotocol", "Subprotocol not supported");

    /** One result of a subscription. */
    private static final int MOST_OF_UPSTREAM = 64 << 20;

    private final GraphqlConfig config;
    private final FilterContext context;
    private final Judge judge;
    private final PersistedQueries persisted;
    private final Messages messages;
    private final Counts counts;

    GraphqlFilter(GraphqlConfig config, FilterContext context) {
        this.config = config;
        this.context = context;
        judge = new Judge(config);
        persisted = new PersistedQueries(config, context);
        messages = Messages.of(context, (int) config.maxBody().bytes(), MOST_OF_UPSTREAM);
        counts = new Counts(context);
    }

    /** Also spares the first request the loading of the parser. */
    @Override
    public void selfTest() throws RefusedException {
        judge.selfTest();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        return Messages.isWebSocket(request) ? subscriptions(request, next) : operations(request, next);
    }

    private Response operations(Request request, Next next) throws Exception {
        Request onward;
        try {
            Calls calls = Calls.read(request, config);
            boolean safe = !request.method().equals("POST");
            List<Call> resolved = new ArrayList<>();
            List<Operation> judged = new ArrayList<>();
            for (Call call : calls.all()) {
                Found found = persisted.find(call);
                Operation operation = judge.judge(found.call(), request, safe);
                persisted.register(call);
                counts.passed(operation, found.listed());
                resolved.add(found.call());
                judged.add(operation);
            }
            tell(request.exchange(), judged);
            onward = calls.asking(resolved);
        } catch (RefusedException refusal) {
            counts.refused(refusal);
            request.exchange().note("refused", refusal.why().code);
            return Answers.of(request, refusal);
        }
        return next.proceed(onward);
    }

    private static void tell(Exchange exchange, List<Operation> judged) {
        Operation first = judged.getFirst();
        String name = first.name();
        if (judged.size() > 1) {
            exchange.put(KIND, "batch");
        } else {
            exchange.put(KIND, first.word());
            if (name != null) {
                exchange.put(OPERATION, name);
            }
        }
        exchange.note("kind", judged.size() > 1 ? "batch" : first.word());
        exchange.note("operation", judged.size() > 1 || name == null ? "-" : name);
        exchange.note(
                "complexity", judged.stream().mapToLong(Operation::complexity).sum());
        exchange.note("depth", judged.stream().mapToInt(Operation::depth).max().orElse(0));
    }

    private Response subscriptions(Request request, Next next) throws Exception {
        String known = request.headers().all("sec-websocket-protocol").stream()
                .flatMap(field -> Arrays.stream(field.split(",")))
                .map(String::strip)
                .filter(SUBPROTOCOLS::contains)
                .collect(Collectors.joining(", "));
        if (known.isEmpty()) {
            return SUBPROTOCOL
                    .withDetail("offer " + String.join(" or ", SUBPROTOCOLS))
                    .toResponse(request);
        }
        // What else is offered could not be judged.
        Request asked = request.withHeader("sec-websocket-protocol", known);
        if (context.monitored()) {
            return next.proceed(asked);
        }
        return messages.handle(
                asked,
                next,
                (response, conversation) -> response.tunnel() == null ? null : new Subscriptions(this, asked));
    }

    /** What becomes of an operation that comes as a message. */
    Call judge(Call call, Request handshake) throws RefusedException {
        try {
            Found found = persisted.find(call);
            Operation operation = judge.judge(found.call(), handshake, false);
            persisted.register(call);
            counts.passed(operation, found.listed());
            return found.call();
        } catch (RefusedException refusal) {
            counts.refused(refusal);
            throw refusal;
        }
    }

    void malformed() {
        counts.refused(new RefusedException(Why.MALFORMED, ""));
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Unknown("judges the operation that the request asks for");
    }
}
