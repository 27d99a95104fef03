package dev.sallyport.api.config;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Request;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value taken from a request, such as what a limit counts by:
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code client.address}</td><td>the client's address</td></tr>
 * <tr><td>{@code consumer}, {@code consumer.tier}</td><td>the authenticated caller's name; one of its tags</td></tr>
 * <tr><td>{@code claims.tenant}</td><td>a claim of the verified token, where it is a text, a number or a boolean</td></tr>
 * <tr><td>{@code header.x-key}, {@code query.key}, {@code cookie.sid}</td><td>the first value of that name</td></tr>
 * <tr><td>{@code path.id}</td><td>a path parameter of the route</td></tr>
 * <tr><td>{@code method}, {@code path}, {@code host}, {@code route}</td><td>that part of the request</td></tr>
 * </table>
 *
 * <p>Immutable and thread-safe; two are equal where their texts are.
 */
public final class Expression {

    private static final String EXPECTED =
            " (expected: client.address, consumer, consumer.TAG, claims.NAME, header.NAME, query.NAME, cookie.NAME,"
                    + " path, path.PARAMETER, host, method or route)";

    /** Left by the steps that verify tokens. */
    @SuppressWarnings("rawtypes") // a class literal has no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    private final String text;
    private final Function<Request, @Nullable String> value;

    private Expression(String text, Function<Request, @Nullable String> value) {
        this.text = text;
        this.value = value;
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static Expression parse(String text) {
        int dot = text.indexOf('.');
        String name = dot < 0 ? "" : text.substring(dot + 1);
        if (dot >= 0 && name.isEmpty()) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        Function<Request, @Nullable String> value = switch (dot < 0 ? text : text.substring(0, dot + 1)) {
            case "consumer" ->
                request -> {
                    Consumer consumer = request.exchange().consumer();
                    return consumer == null ? null : consumer.name();
                };
            case "consumer." ->
                request -> {
                    Consumer consumer = request.exchange().consumer();
                    return consumer == null ? null : consumer.tags().get(name);
                };
            case "claims." -> request -> claim(request, name);
            case "client." -> {
                if (!name.equals("address")) {
                    throw new IllegalArgumentException(text + EXPECTED);
                }
                yield request -> request.exchange().client().getHostAddress();
            }
            case "header." -> request -> request.header(name);
            case "query." -> request -> request.target().parameter(name);
            case "cookie." -> request -> cookie(request, name);
            case "path." -> request -> request.exchange().parameters().get(name);
            case "path" -> Request::path;
            case "host" -> request -> request.header("host");
            case "method" -> Request::method;
            case "route" -> request -> request.exchange().route();
            default -> throw new IllegalArgumentException(text + EXPECTED);
        };
        return new Expression(text, value);
    }

    /** The value for this request; null where it has none. */
    public @Nullable String value(Request request) {
        return value.apply(request);
    }

    private static @Nullable String claim(Request request, String name) {
        Map<?, ?> claims = request.exchange().get(CLAIMS);
        Object value = claims == null ? null : claims.get(name);
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value.toString() : null;
    }

    private static @Nullable String cookie(Request request, String name) {
        for (String field : request.headers().all("cookie")) {
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    return pair.substring(equals + 1).strip();
                }
            }
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Expression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The written form. */
    @Override
    public String toString() {
        return text;
    }
}
