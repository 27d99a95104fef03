package dev.sallyport.plugins.elk;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Command;
import dev.sallyport.api.Completion;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.records.EcsLines;
import dev.sallyport.records.QueryMask;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leaves a record when the exchange has ended; the pipeline is the context's to close. */
final class ElkFilter implements Filter {

    private final EcsLines lines;
    private final Map<String, String> labels;
    private final BodyCapture requests;
    private final BodyCapture responses;
    private final String to;
    private final Pipeline pipeline;
    private final Ids ids = new Ids();

    /** Of this step alone: another one of the same kind in the chain leaves a record of its own. */
    private final Attribute<Object> own = Attribute.of("elk-" + ids.next(), Object.class);

    ElkFilter(ElkConfig config, String to, Pipeline pipeline) {
        this.to = to;
        this.pipeline = pipeline;
        lines = new EcsLines(
                new QueryMask(config.maskQuery()),
                config.headers(),
                new EcsLines.Service(config.service(), config.node(), config.environment()));
        labels = config.labels();
        ElkConfig.BodyConfig body = config.body();
        requests = body != null && body.request() ? new BodyCapture(body) : BodyCapture.NOTHING;
        responses = body != null && body.response() ? new BodyCapture(body) : BodyCapture.NOTHING;
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        Exchange exchange = request.exchange();
        CapturedBody sent = requests.of(request.headers(), request.body());
        Captured captured = captured(exchange, request);
        captured.sent = sent;
        captured.received = null;
        Response response = next.proceed(sent == null ? request : request.withBody(sent));
        if (response.tunnel() != null || response.problem() != null) {
            return response; // what a problem says is known; replacing its body would make it an ordinary answer
        }
        CapturedBody received = responses.of(response.headers(), response.body());
        if (received == null) {
            return response;
        }
        captured.received = received;
        return response.withBody(received);
    }

    /** What was captured of an exchange; of the last attempt, where something before this step makes several. */
    private static final class Captured {

        private volatile @Nullable CapturedBody sent;
        private volatile @Nullable CapturedBody received;
    }

    /** That of the exchange, which is made, and its record ordered, once. */
    private Captured captured(Exchange exchange, Request request) {
        if (exchange.get(own) instanceof Captured before) {
            return before;
        }
        Captured captured = new Captured();
        exchange.put(own, captured);
        exchange.onComplete(completion -> pipeline.offer(entry(request, completion, captured)));
        return captured;
    }

    private Entry entry(Request request, Completion completion, Captured captured) {
        String id = ids.next();
        // What hides data in logs knows names of fields and patterns, but not where a body was cut off.
        boolean hidden = request.exchange().get(LogMask.OF_EXCHANGE) != null;
        String line = lines.line(
                request,
                completion,
                new EcsLines.Further(
                        id, hidden ? null : text(captured.sent), hidden ? null : text(captured.received), labels));
        return new Entry(id, line.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String text(@Nullable CapturedBody body) {
        return body == null ? null : body.text();
    }

    @Override
    public Explanation explain(Request request) {
        return new Explanation.Passes(request, "");
    }

    @Override
    public Map<String, ?> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("to", to);
        state.putAll(pipeline.state());
        return state;
    }

    @Override
    public List<Command> commands() {
        return List.of(new Command("flush", "Tries at once to send what waits.", on -> {
            pipeline.flush();
            return "tries to send " + pipeline.spoolBytes() + " bytes of the spool";
        }));
    }
}
