package dev.sallyport.plugins.mask;

import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.MediaTypes;
import dev.sallyport.json.Rewriter;
import dev.sallyport.json.Rewriting;
import dev.sallyport.plugins.mask.MaskConfig.Where;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hides data in requests and responses as they pass, and in what is written about them. */
final class MaskFilter implements Filter {

    private static final AttributeKey<String> WHERE = AttributeKey.stringKey("where");
    private static final AttributeKey<String> WHAT = AttributeKey.stringKey("what");

    private final Side ofRequest;
    private final Side ofResponse;
    private final Side ofLogs;
    private final LogMask logs;
    private final MediaTypes jsonTypes;
    private final MediaTypes textTypes;

    /** What is hidden on one side. */
    private record Side(Where where, Hiding hiding, FieldTree fields, Count count) {}

    MaskFilter(MaskConfig config, LongCounter hidden) {
        ofRequest = side(config, Where.REQUEST, hidden);
        ofResponse = side(config, Where.RESPONSE, hidden);
        ofLogs = side(config, Where.LOGS, hidden);
        logs = new LogHiding(ofLogs.hiding(), ofLogs.count());
        jsonTypes = new MediaTypes(config.jsonTypes());
        textTypes = new MediaTypes(config.textTypes());
    }

    private static Side side(MaskConfig config, Where where, LongCounter hidden) {
        Hiding hiding = new Hiding(config.rules(), where);
        String name = where.name().toLowerCase(Locale.ROOT);
        return new Side(
                where,
                hiding,
                FieldTree.of(hiding.fields()),
                what -> hidden.add(1, Attributes.of(WHERE, name, WHAT, what)));
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        if (!ofLogs.hiding().isNothing()) {
            LogMask before = request.exchange().get(LogMask.OF_EXCHANGE);
            request.exchange().put(LogMask.OF_EXCHANGE, before == null ? logs : before.then(logs));
        }
        AtomicInteger hidden = new AtomicInteger();
        Response answer = handle(request, next, hidden);
        if (hidden.get() > 0) {
            request.exchange().note("hidden", hidden.get());
        }
        return answer;
    }

    private Response handle(Request request, Next next, AtomicInteger hidden) throws Exception {
        Response response;
        try {
            response = next.proceed(onward(request, counting(ofRequest.count(), hidden)));
        } catch (BadContentException e) {
            return e.problem().toResponse(request);
        }
        if (ofResponse.hiding().isNothing() || !Rewriting.concerns(response)) {
            return response;
        }
        Count count = counting(ofResponse.count(), hidden);
        Response answer = response.withHeaders(fields(response.headers(), ofResponse.hiding(), count));
        Supplier<Rewriter> rewriter = rewriter(answer.headers(), ofResponse, count);
        try {
            return rewriter == null ? answer : Rewriting.response(request.method(), answer, rewriter);
        } catch (BadContentException e) {
            return e.ofResponse().toResponse(request);
        }
    }

    private static Count counting(Count count, AtomicInteger hidden) {
        return what -> {
            count.hidden(what);
            hidden.incrementAndGet();
        };
    }

    private Request onward(Request request, Count count) throws IOException {
        Hiding hiding = ofRequest.hiding();
        Request asked = ofResponse.hiding().isNoBody() ? request : Rewriting.forWhole(request);
        if (hiding.isNothing()) {
            return asked;
        }
        Request onward = asked.withHeaders(fields(asked.headers(), hiding, count));
        String query = request.target().query();
        if (query != null && hiding.hasQuery()) {
            String left = Pairs.query(query, "query", hiding::query, List.of(), count);
            onward = onward.withTarget(request.target().withQuery(left.isEmpty() ? null : left));
        }
        Supplier<Rewriter> rewriter = rewriter(request.headers(), ofRequest, count);
        return rewriter == null ? onward : Rewriting.request(onward, rewriter);
    }

    private static Headers fields(Headers headers, Hiding hiding, Count count) {
        Headers left = headers;
        for (Map.Entry<String, Style> hidden : hiding.headers().entrySet()) {
            String name = hidden.getKey();
            if (headers.has(name)) {
                count.hidden("header");
                Style style = hidden.getValue();
                Headers others = left.without(name);
                for (String value : headers.all(name)) {
                    others = style.removes() ? others : others.withAdded(name, style.of(value));
                }
                left = others;
            }
        }
        return left;
    }

    /** What hides data in a body of that type; null where nothing is hidden in such ones. */
    private @Nullable Supplier<Rewriter> rewriter(Headers headers, Side side, Count count) {
        Hiding hiding = side.hiding();
        if (hiding.isNoBody()) {
            return null;
        }
        String type = MediaTypes.of(headers);
        if (jsonTypes.match(headers)) {
            boolean lines = type.contains("ndjson") || type.contains("jsonl");
            return () -> JsonHiding.rewriter(hiding, side.fields(), lines, count);
        }
        boolean isForm = type.equals("application/x-www-form-urlencoded");
        if (isForm && (hiding.hasNames() || !hiding.patterns().isEmpty())) {
            return () -> new FormRewriter(hiding, count);
        }
        boolean isText = textTypes.match(headers) && !hiding.patterns().isEmpty();
        return isText ? () -> new TextRewriter(hiding.patterns(), type.equals("text/event-stream"), count) : null;
    }

    @Override
    public Explanation explain(Request request) {
        try {
            int[] found = {0};
            Request onward = onward(request, _ -> found[0]++);
            String told = found[0] == 0 ? "" : "hides " + found[0] + " in the request";
            String then = ofResponse.hiding().isNothing() ? "" : "hides what it finds in the response";
            return new Explanation.Passes(onward, told.isEmpty() ? then : then.isEmpty() ? told : told + "; " + then);
        } catch (IOException e) {
            return new Explanation.Unknown("the body cannot be read: " + e.getMessage());
        }
    }
}
