package dev.sallyport.plugins.headers;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text in which {@code {client.address}} and other {@linkplain Expression expressions} in braces stand for values of
 * the request; a doubled brace is one brace. Immutable; two are equal where their texts are.
 *
 * <p>A value never ends a field: what cannot stand in one (line breaks, other control characters, characters beyond
 * ASCII) is put in percent-encoded, as UTF-8.
 */
public final class HeaderValue {

    private final String text;
    /** One more than there are expressions: what stands before, between and after them. */
    private final List<String> texts;

    private final List<Expression> expressions;

    private HeaderValue(String text, List<String> texts, List<Expression> expressions) {
        this.text = text;
        this.texts = List.copyOf(texts);
        this.expressions = List.copyOf(expressions);
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one, or cannot stand in a header
     */
    public static HeaderValue parse(String text) {
        List<String> texts = new ArrayList<>();
        List<Expression> expressions = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean doubled = i + 1 < text.length() && text.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                plain.append(c);
                i++;
            } else if (c == '{') {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new IllegalArgumentException(text + " (expected: } after {; write {{ for a brace itself)");
                }
                expressions.add(Expression.parse(text.substring(i + 1, end)));
                texts.add(plain.toString());
                plain.setLength(0);
                i = end;
            } else if (c == '}') {
                throw new IllegalArgumentException(text + " (expected: { before }; write }} for a brace itself)");
            } else {
                plain.append(c);
            }
        }
        texts.add(plain.toString());
        texts.forEach(constant -> Headers.of("value", constant));
        return new HeaderValue(text, texts, expressions);
    }

    /** The value for a request; null where one of its expressions has none. */
    @Nullable
    String of(Request request) {
        if (expressions.isEmpty()) {
            return texts.getFirst();
        }
        StringBuilder value = new StringBuilder(texts.getFirst());
        for (int i = 0; i < expressions.size(); i++) {
            String part = expressions.get(i).value(request);
            if (part == null) {
                return null;
            }
            append(value, part);
            value.append(texts.get(i + 1));
        }
        return value.toString();
    }

    private static void append(StringBuilder value, String part) {
        for (int i = 0; i < part.length(); ) {
            int character = part.codePointAt(i);
            i += Character.charCount(character);
            if (character >= ' ' && character < 0x7f) {
                value.append((char) character);
            } else {
                for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                    value.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
                }
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HeaderValue that && text.equals(that.text);
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
