package dev.sallyport.kernel.config;

import dev.sallyport.api.config.ExpressionException;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A value that is written as one text.
 *
 * @param expected what it is: {@code a duration such as 30s}
 * @param mend what to do where it is not; empty where that says nothing more
 * @param literal whether quotes make it another thing: a number or a boolean
 * @param bounds what it may be at most and at least; null where nothing bounds it
 */
record ScalarShape(
        String expected,
        String mend,
        boolean literal,
        Parser parser,
        @Nullable Bounds bounds) implements Shape {

    /** Reads the text. */
    @FunctionalInterface
    interface Parser {
        /**
         * Reads the text.
         *
         * @throws IllegalArgumentException where the text is not one; its message may be in the form of all messages
         */
        Object parse(String text, ConfigNode.Scalar scalar, String key, Binding binding);
    }

    /**
     * Bounds of an amount.
     *
     * @param amount the amount of a value that was read
     * @param written how an amount is written in a message
     */
    record Bounds(long least, long most, Function<Object, Number> amount, LongFunction<String> written) {

        Bounds within(@Nullable Long least, @Nullable Long most) {
            return new Bounds(
                    least == null ? this.least : Math.max(least, this.least),
                    most == null ? this.most : Math.min(most, this.most),
                    amount,
                    written);
        }
    }

    ScalarShape within(@Nullable Long least, @Nullable Long most) {
        return bounds == null ? this : new ScalarShape(expected, mend, literal, parser, bounds.within(least, most));
    }

    @Override
    public @Nullable Object bind(ConfigNode node, String key, Binding binding) {
        if (!(node instanceof ConfigNode.Scalar scalar)) {
            return refuse(node, key, expected, "write one value", binding);
        }
        if (scalar.isNull()) {
            return refuse(node, key, expected, mend.isEmpty() ? "give it a value" : mend, binding);
        }
        if (literal && scalar.quoted() && !scalar.isTainted()) {
            return refuse(node, key, expected, "remove the quotes", binding);
        }
        Object value;
        try {
            value = parser.parse(scalar.text(), scalar, key, binding);
        } catch (IllegalArgumentException e) {
            Place place = e instanceof ExpressionException at ? within(scalar, at.column()) : scalar.place();
            binding.error(place, key, explain(scalar, e));
            return null;
        }
        if (bounds != null) {
            double amount = bounds.amount().apply(value).doubleValue();
            if (amount < bounds.least()) {
                String least = bounds.written().apply(bounds.least());
                return refuse(node, key, least + " or more", "raise it", binding);
            }
            if (amount > bounds.most()) {
                String most = bounds.written().apply(bounds.most());
                return refuse(node, key, most + " or less", "lower it", binding);
            }
        }
        return value;
    }

    private static @Nullable Object refuse(ConfigNode node, String key, String expected, String mend, Binding binding) {
        binding.error(node.place(), key, node.shown() + " (expected: " + expected + "); " + mend);
        return null;
    }

    /** The place of that character of a text on one line, as far as it is sure that what stands before it is not escaped. */
    private static Place within(ConfigNode.Scalar scalar, int column) {
        String before =
                scalar.text().substring(0, Math.min(column - 1, scalar.text().length()));
        boolean sure = !scalar.isTainted()
                && scalar.text().indexOf('\n') < 0
                && (!scalar.quoted() || before.chars().noneMatch(c -> c == '"' || c == '\'' || c == '\\'));
        Place place = scalar.place();
        return sure
                ? new Place(place.file(), place.line(), place.column() + before.length() + (scalar.quoted() ? 1 : 0))
                : place;
    }

    /**
     * A parser's own words are taken where they have the usual form, and never with a secret in them. Where they do not begin
     * with the value, that is not to be shown: who pastes a key in the place of its hash must not find it in a log.
     */
    private String explain(ConfigNode.Scalar scalar, IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        int told = message.indexOf("(expected:");
        boolean repeats = message.startsWith(scalar.text());
        String own = told < 0 ? "(expected: " + expected + ")" : Tainted.hide(message.substring(told), scalar);
        String shown = scalar.shown();
        if (told >= 0 && !repeats) {
            String why = Tainted.hide(message.substring(0, told).strip(), scalar);
            shown = (scalar.isTainted() ? shown : "***") + (why.isEmpty() ? "" : ": " + why);
        }
        return shown + " " + own + (own.contains(";") ? "" : "; " + (mend.isEmpty() ? "mend it" : mend));
    }
}
