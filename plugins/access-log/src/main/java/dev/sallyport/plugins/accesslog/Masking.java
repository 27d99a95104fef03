package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Headers;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Expression;
import dev.sallyport.records.QueryMask;
import dev.sallyport.records.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What expressions whose values are written may see of an exchange: the same as those of the fixed formats, since they are
 * evaluated on a request that has nothing else.
 */
final class Masking {

    private static final String HEADER = "header.";
    private static final String RESPONSE_HEADER = "response." + HEADER;
    private static final String HIDDEN = "***";

    /** A header of a response that often carries what a query does. */
    private static final String LOCATION = "location";

    private static final Set<String> SECRETS =
            Set.of("header.authorization", "header.proxy-authorization", "header.cookie", "response.header.set-cookie");

    private final QueryMask mask;
    private final boolean readsTarget;
    private final List<String> headers = new ArrayList<>();
    private final List<String> responseHeaders = new ArrayList<>();

    /** @param names what the expressions read */
    Masking(QueryMask mask, Set<String> names) {
        this.mask = mask;
        boolean target = false;
        for (String name : names) {
            target |= name.equals("uri") || name.equals("path") || name.startsWith("query.");
            if (name.startsWith(HEADER)) {
                headers.add(name.substring(HEADER.length()).toLowerCase(Locale.ROOT));
            } else if (name.startsWith(RESPONSE_HEADER)) {
                responseHeaders.add(name.substring(RESPONSE_HEADER.length()).toLowerCase(Locale.ROOT));
            }
        }
        readsTarget = target;
    }

    /** @throws IllegalArgumentException where an expression would write what carries secrets */
    static void refuseSecrets(String text, Set<String> names) {
        for (String name : names) {
            if (SECRETS.contains(name.toLowerCase(Locale.ROOT)) || name.startsWith("cookie.")) {
                throw new IllegalArgumentException(
                        text + " (expected: no " + name + ", which carries secrets); take it out");
            }
        }
    }

    /** The request as expressions see it. */
    Request request(Request request) {
        if (!readsTarget && headers.isEmpty()) {
            return request;
        }
        Shown shown = Shown.of(request, mask);
        Request masked = readsTarget ? request.withTarget(target(shown)) : request;
        for (String name : headers) {
            List<String> all = request.headers().all(name);
            if (!all.isEmpty() && (shown.hidden() != null || name.equals("referer"))) {
                String value = name.equals("referer") ? shown.referer() : shown.header(name, String.join(", ", all));
                masked = masked.withHeader(name, field(value));
            }
        }
        return masked;
    }

    private static RequestTarget target(Shown shown) {
        try {
            return new RequestTarget(shown.path(), shown.query());
        } catch (IllegalArgumentException writtenInAnotherWay) {
            return new RequestTarget("/" + HIDDEN, null);
        }
    }

    private static String field(@Nullable String value) {
        try {
            return value == null ? HIDDEN : Headers.of("value", value).value(0);
        } catch (IllegalArgumentException writtenInAnotherWay) {
            return HIDDEN;
        }
    }

    /**
     * The response as expressions see it.
     *
     * @param request what it is the response to
     */
    @Nullable
    Response response(Request request, @Nullable Response response) {
        if (response == null || responseHeaders.isEmpty()) {
            return response;
        }
        Shown shown = Shown.of(request, mask);
        Response masked = response;
        for (String name : responseHeaders) {
            List<String> all = response.headers().all(name);
            boolean isUrl = name.equals(LOCATION);
            if (!all.isEmpty() && (shown.hidden() != null || isUrl)) {
                String value = String.join(", ", all);
                masked = masked.withHeader(name, field(isUrl ? shown.url(name, value) : shown.header(name, value)));
            }
        }
        return masked;
    }

    /** The value of an expression: what it takes of a path's parameters is decoded, and hidden by itself. */
    String value(Expression expression, String value, Request request) {
        LogMask hidden = request.exchange().get(LogMask.OF_EXCHANGE);
        return hidden != null && expression.names().stream().anyMatch(name -> name.startsWith("path."))
                ? hidden.path(value)
                : value;
    }
}
