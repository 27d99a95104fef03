package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a policy sees of a request, as {@code input}.
 *
 * @param sent the headers that it sees
 * @param withBody whether it sees the body
 */
record OpaInput(Named sent, boolean withBody) {

    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    Map<String, Object> of(Request request, byte[] body) {
        Exchange exchange = request.exchange();
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("request", head(request, body));
        input.put("client", Map.of("address", exchange.client().getHostAddress()));
        input.put("route", exchange.route() == null ? "" : exchange.route());
        input.put("parameters", exchange.parameters());
        Consumer consumer = exchange.consumer();
        if (consumer != null) {
            input.put(
                    "consumer", Map.of("name", consumer.name(), "groups", consumer.groups(), "tags", consumer.tags()));
        }
        Map<?, ?> claims = exchange.get(CLAIMS);
        if (claims != null) {
            input.put("claims", claims);
        }
        return input;
    }

    private Map<String, Object> head(Request request, byte[] body) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("method", request.method());
        head.put("scheme", request.exchange().scheme());
        head.put("host", request.headers().get("host", ""));
        head.put("path", request.path());
        head.put("query", query(request.target().query()));
        head.put("headers", headers(request.headers()));
        if (withBody) {
            head.put("body", new String(body, StandardCharsets.UTF_8));
        }
        return head;
    }

    /** Several fields of a name are one list (RFC 9110 §5.3). */
    private Map<String, String> headers(Headers fields) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i).toLowerCase(Locale.ROOT);
            if (sent.has(name)) {
                String separator = name.equals("cookie") ? "; " : ", ";
                headers.merge(name, fields.value(i), (one, other) -> one + separator + other);
            }
        }
        return headers;
    }

    private static Map<String, List<String>> query(@Nullable String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query == null) {
            return values;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            values.computeIfAbsent(decode(equals < 0 ? pair : pair.substring(0, equals)), name -> new ArrayList<>(1))
                    .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
        }
        return values;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
