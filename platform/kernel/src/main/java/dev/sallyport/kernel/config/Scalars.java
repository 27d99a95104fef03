package dev.sallyport.kernel.config;

import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.Durations;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Rate;
import dev.sallyport.api.config.Secret;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.Template;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The shapes of the types that the plugin API lists as written in one text. */
final class Scalars {

    private Scalars() {}

    /** The shape of that class; null where it is none of these. */
    static @Nullable ScalarShape of(Class<?> type) {
        return switch (type.getName()) {
            case "java.lang.String" -> text();
            case "boolean", "java.lang.Boolean" -> bool();
            case "int", "java.lang.Integer" -> int32();
            case "long", "java.lang.Long" -> int64();
            case "double", "java.lang.Double" -> number();
            case "java.time.Duration" -> named("x-duration");
            case "java.time.LocalDate" -> named("date");
            case "java.net.URI" -> named("uri-reference");
            case "java.nio.file.Path" -> named("x-path");
            case "dev.sallyport.api.config.Size" -> named("x-size");
            case "dev.sallyport.api.config.Rate" -> named("x-rate");
            case "dev.sallyport.api.config.Secret" -> named("x-secret");
            case "dev.sallyport.api.config.Expression" -> named("x-expression");
            case "dev.sallyport.api.config.Condition" -> named("x-condition-expression");
            case "dev.sallyport.api.config.Template" -> named("x-expression-template");
            default -> null;
        };
    }

    /** The shape of a schema's format; null where it is none of these. */
    static @Nullable ScalarShape named(String format) {
        return switch (format) {
            case "x-duration" ->
                new ScalarShape(
                        "a duration such as 250ms, 30s, 5m, 1h or 1d",
                        "write a whole number and its unit",
                        false,
                        plain(Durations::parse),
                        new ScalarShape.Bounds(
                                Long.MIN_VALUE,
                                Long.MAX_VALUE,
                                value -> ((Duration) value).toMillis(),
                                millis -> Durations.format(Duration.ofMillis(millis))));
            case "x-size" ->
                new ScalarShape(
                        "a size such as 64KiB or 10MiB",
                        "write a whole number and its unit: B, KiB, MiB or GiB",
                        false,
                        plain(Size::parse),
                        new ScalarShape.Bounds(
                                0,
                                Long.MAX_VALUE,
                                value -> ((Size) value).bytes(),
                                bytes -> new Size(bytes).toString()));
            case "x-rate" ->
                simple("a rate such as 100/s or 20/10m", "write a number, a slash and a time", plain(Rate::parse));
            case "x-secret" -> simple("a secret such as ${env:NAME} or ${file:path}", "", Scalars::secret);
            case "x-expression" ->
                simple("an expression such as client.address", "write one of these", plain(Expression::parse));
            case "x-condition-expression" ->
                simple("a condition such as header.x-debug == \"1\"", "mend it", plain(Condition::parse));
            case "x-expression-template" ->
                simple("a text with expressions in braces: {client.address}", "mend it", plain(Template::parse));
            case "x-path" -> simple("a file", "", Scalars::path);
            case "uri-reference" ->
                simple(
                        "a URL such as http://127.0.0.1:9001",
                        "write scheme, host and port, and percent-encode what may not stand in one",
                        plain(Scalars::uri));
            case "date" -> simple("a date such as 2027-01-31", "write year-month-day", plain(Scalars::date));
            default -> null;
        };
    }

    static ScalarShape text() {
        return simple("text", "", plain(text -> text));
    }

    static ScalarShape bool() {
        return new ScalarShape("true or false", "write true or false", true, plain(Scalars::bool), null);
    }

    static ScalarShape int32() {
        return whole(Integer.MIN_VALUE, Integer.MAX_VALUE, number -> (int) number);
    }

    static ScalarShape int64() {
        return whole(Long.MIN_VALUE, Long.MAX_VALUE, number -> number);
    }

    static ScalarShape number() {
        return new ScalarShape(
                "a number",
                "write digits",
                true,
                plain(Scalars::finite),
                new ScalarShape.Bounds(Long.MIN_VALUE, Long.MAX_VALUE, value -> (Number) value, Long::toString));
    }

    /** One of some names. */
    static ScalarShape oneOf(Map<String, ?> values) {
        ScalarShape.Parser parser = (text, scalar, _, _) -> {
            Object value = values.get(text);
            if (value == null) {
                String mend = Suggestion.mend(scalar.shown(), values.keySet(), "write one of these");
                throw new IllegalArgumentException(
                        text + " (expected: " + String.join(", ", values.keySet()) + "); " + mend);
            }
            return value;
        };
        return simple(String.join(", ", values.keySet()), "write one of these", parser);
    }

    /** A type with a parser of its own. */
    static ScalarShape parsed(String expected, Function<String, Object> parse) {
        return simple(expected, "", plain(parse));
    }

    private static ScalarShape simple(String expected, String mend, ScalarShape.Parser parser) {
        return new ScalarShape(expected, mend, false, parser, null);
    }

    private static ScalarShape whole(long least, long most, LongFunction<Object> boxed) {
        return new ScalarShape(
                "a whole number",
                "write digits only",
                true,
                plain(text -> {
                    if (!text.matches("[-+]?[0-9]{1,40}")) {
                        throw new IllegalArgumentException(text);
                    }
                    BigInteger number = new BigInteger(text);
                    if (number.compareTo(BigInteger.valueOf(least)) < 0
                            || number.compareTo(BigInteger.valueOf(most)) > 0) {
                        throw new IllegalArgumentException(
                                text + " (expected: " + least + " to " + most + "); write a number in between");
                    }
                    return boxed.apply(number.longValueExact());
                }),
                new ScalarShape.Bounds(least, most, value -> (Number) value, Long::toString));
    }

    private static ScalarShape.Parser plain(Function<String, Object> parse) {
        return (text, _, _, _) -> parse.apply(text);
    }

    private static Object bool(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Object finite(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value) || !text.matches("[-+0-9.eE]+")) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    private static Object uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Object date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Object path(String text, ConfigNode.Scalar scalar, String key, Binding binding) {
        try {
            return binding.folder()
                    .resolve(scalar.place().file())
                    .resolveSibling(text)
                    .normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Object secret(String text, ConfigNode.Scalar scalar, String key, Binding binding) {
        if (!scalar.isTainted()) {
            binding.find(
                    LintRule.PLAIN_SECRET,
                    scalar.place(),
                    key,
                    "a secret in plain text (expected: ${env:NAME} or ${file:path}); move it out of this file");
        }
        return Secret.parse(text);
    }
}
