package dev.sallyport.api.config;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text in which {@linkplain Expression expressions} in braces stand for values: {@code client {client.address}}. A doubled
 * brace is one brace. With {@link Sight#MATCH}, {@code $1} is {@code {$1}}, and {@code $$} the sign itself. Immutable and
 * thread-safe; two are equal where their texts are.
 */
public final class Template {

    private final String text;
    private final List<Part> parts;

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /** What a template is made of. */
    public sealed interface Part {}

    /** Text that is put in as it is, the braces in it single. */
    public record Text(String text) implements Part {}

    /** An expression whose value is put in. */
    public record Value(Expression expression) implements Part {}

    /** How a value is written so that it stays one value where the template's text goes: see {@link Escapes}. */
    @FunctionalInterface
    public interface Escape {

        /** The value, written so. */
        String of(Expression expression, String value);
    }

    /**
     * Reads the written form of one that sees requests.
     *
     * @throws ExpressionException where it is not one
     */
    public static Template parse(String text) {
        return parse(text, Sight.REQUEST);
    }

    /**
     * Reads the written form.
     *
     * @param sight what there will be when it is filled
     * @throws ExpressionException where it is not one
     */
    public static Template parse(String text, Sight sight) {
        List<Part> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int[] end = new int[1];
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char after = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (after == c && (c == '{' || c == '}' || (c == '$' && sight == Sight.MATCH))) {
                plain.append(c);
                i++;
            } else if (c == '{') {
                Expression.checkLength(text);
                flush(plain, parts);
                parts.add(new Value(Expression.upToBrace(text, i + 1, sight, end)));
                i = end[0] - 1;
            } else if (c == '$' && sight == Sight.MATCH && after >= '1' && after <= '9') {
                flush(plain, parts);
                i++;
                parts.add(new Value(Expression.parse("$" + after, sight)));
            } else if (c == '}') {
                throw new ExpressionException(text, i, "{ before }", "write }} for a brace itself");
            } else {
                plain.append(c);
            }
        }
        flush(plain, parts);
        return new Template(text, parts);
    }

    private static void flush(StringBuilder plain, List<Part> parts) {
        if (!plain.isEmpty()) {
            parts.add(new Text(plain.toString()));
            plain.setLength(0);
        }
    }

    /** What it is made of, in order. */
    public List<Part> parts() {
        return parts;
    }

    /** The names that it reads, such as {@code header.x-key}. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (part instanceof Value value) {
                names.addAll(value.expression().names());
            }
        }
        return names;
    }

    /** Whether it reads something of the response. */
    public boolean seesResponse() {
        for (Part part : parts) {
            if (part instanceof Value value && value.expression().seesResponse()) {
                return true;
            }
        }
        return false;
    }

    /** The text for a request; null where one of its expressions has no value. */
    public @Nullable String fill(Request request, Escape escape) {
        return fill(request, null, null, escape);
    }

    /**
     * The text where there is more to see than the request.
     *
     * @param response the response, for {@link Sight#RESPONSE}
     * @param groups what matched, for {@link Sight#MATCH}
     * @return null where one of its expressions has no value
     */
    public @Nullable String fill(Request request, @Nullable Response response, @Nullable Groups groups, Escape escape) {
        if (parts.size() == 1) {
            return filled(parts.getFirst(), request, response, groups, escape);
        }
        StringBuilder filled = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            String part = filled(parts.get(i), request, response, groups, escape);
            if (part == null) {
                return null;
            }
            filled.append(part);
        }
        return filled.toString();
    }

    private static @Nullable String filled(
            Part part, Request request, @Nullable Response response, @Nullable Groups groups, Escape escape) {
        return switch (part) {
            case Text plain -> plain.text();
            case Value value -> {
                String filled = value.expression().value(request, response, groups);
                yield filled == null ? null : escape.of(value.expression(), filled);
            }
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template that && text.equals(that.text);
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
