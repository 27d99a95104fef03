package dev.sallyport.plugins.fallback;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Json;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An answer, written down.
 *
 * @param status 200 to 599
 * @param headers header fields
 * @param body a text; null for none
 * @param json an object to write as JSON, in the place of {@code body}; empty for none
 */
public record Answer(
        @Doc("The status code.") @Default("200") @Min(200) @Max(599)
        int status,

        @Doc("Header fields.") Map<String, String> headers,

        @Doc("The body, a text in UTF-8; text/plain unless headers give a content-type.") @Nullable
        String body,

        @Doc("The body as an object that is written as JSON; not together with body.")
        Map<String, Object> json) {

    /** Statuses that have no content (RFC 9110 §15.3.5, §15.3.6, §15.4.5). */
    private static final Set<Integer> BARE = Set.of(204, 205, 304);

    /** What frames a message or concerns one connection only (RFC 9110 §7.6.1, RFC 9112 §6). */
    private static final Set<String> THE_GATEWAYS =
            Set.of("connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    /** @throws ConfigException where these do not make a response */
    public Answer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        json = Collections.unmodifiableMap(new LinkedHashMap<>(json));
        if (body != null && !json.isEmpty()) {
            throw new ConfigException("json", "beside body (expected: one of them)");
        }
        if (BARE.contains(status) && (body != null || !json.isEmpty())) {
            throw new ConfigException(
                    body == null ? "json" : "body", "beside status " + status + " (expected: none, it has no content)");
        }
        headers.forEach((name, value) -> {
            try {
                Headers.of(name, value);
            } catch (IllegalArgumentException e) {
                throw new ConfigException("headers." + name, String.valueOf(e.getMessage()));
            }
            if (THE_GATEWAYS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new ConfigException(
                        "headers." + name, name + " (expected: another header); the gateway writes this one itself");
            }
        });
    }

    /** A value that all exchanges share, since its body can be replayed. */
    Response response() {
        Headers.Builder fields = Headers.builder(headers.size() + 1);
        headers.forEach(fields::add);
        Headers given = fields.build();
        if (body == null && json.isEmpty()) {
            return Response.of(status, given, Body.empty());
        }
        String type = json.isEmpty() ? "text/plain; charset=utf-8" : "application/json";
        Headers all = given.has("content-type") ? given : given.withAdded("content-type", type);
        return Response.of(status, all, Body.of(body == null ? Json.write(json) : body));
    }
}
