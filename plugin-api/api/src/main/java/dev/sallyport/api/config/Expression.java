package dev.sallyport.api.config;

import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value taken from a request, such as what a limit counts by: {@code client.address}, {@code header.x-key},
 * {@code claims.tenant}, {@code header.x-key.orValue("none")}, {@code method in ["GET", "HEAD"]}. The language is a small part
 * of CEL; {@code docs/reference/expressions.md} has its grammar, its names and its functions.
 *
 * <p>Immutable and thread-safe; two are equal where their texts are. It guarantees:
 *
 * <ol>
 *   <li>it is read and checked once, when the configuration is: a name that does not exist, a text compared with a number
 *       and the like are errors there, with the column;
 *   <li>evaluating it never fails and always ends: what cannot be said is absent;
 *   <li>a name alone costs no more than its value.
 * </ol>
 */
public final class Expression {

    private static final int LONGEST = 2_000;

    private final String text;
    private final Node node;
    private final Map<String, Node> reads;

    private Expression(String text, Node node, Map<String, Node> reads) {
        this.text = text;
        this.node = node;
        this.reads = Collections.unmodifiableMap(new LinkedHashMap<>(reads));
    }

    /**
     * Reads the written form of one that sees requests.
     *
     * @throws ExpressionException where it is not one
     */
    public static Expression parse(String text) {
        return parse(text, Sight.REQUEST);
    }

    /**
     * Reads the written form.
     *
     * @param sight what there will be when it is evaluated
     * @throws ExpressionException where it is not one
     */
    public static Expression parse(String text, Sight sight) {
        checkLength(text);
        ExpressionParser parser = new ExpressionParser(text, 0, sight);
        return new Expression(text, parser.whole(), parser.reads());
    }

    /** The one that begins there in a template and ends at a closing brace; where that is, it says. */
    static Expression upToBrace(String template, int from, Sight sight, int[] end) {
        ExpressionParser parser = new ExpressionParser(template, from, sight);
        Node node = parser.upToBrace();
        end[0] = parser.position();
        return new Expression(template.substring(from, end[0] - 1).strip(), node, parser.reads());
    }

    static void checkLength(String text) {
        if (text.length() > LONGEST) {
            throw new ExpressionException(
                    text.substring(0, 40) + "…",
                    LONGEST,
                    LONGEST + " characters at most, and the end",
                    "make it simpler");
        }
    }

    /**
     * The value for this request as a text, a boolean as {@code true} or {@code false}, the items of a list with commas
     * between; null where it has none.
     */
    public @Nullable String value(Request request) {
        return value(request, null, null);
    }

    /**
     * The same where there is more to see than the request.
     *
     * @param response the response, for {@link Sight#RESPONSE}
     * @param groups what matched, for {@link Sight#MATCH}
     */
    public @Nullable String value(Request request, @Nullable Response response, @Nullable Groups groups) {
        return Values.text(node.of(request, response, groups));
    }

    /** The value itself: a String, Long, Double, Boolean, Instant, List, or a Map of claims; null where there is none. */
    public @Nullable Object object(Request request, @Nullable Response response) {
        return node.of(request, response, null);
    }

    /** The names that it reads, such as {@code header.x-key}. */
    public Set<String> names() {
        return reads.keySet();
    }

    /** Whether it reads something of the response. */
    public boolean seesResponse() {
        return reads.keySet().stream().anyMatch(name -> name.startsWith("response."));
    }

    /** The names that it reads and what they are for this request, for people. */
    Map<String, @Nullable String> read(Request request, @Nullable Response response) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        reads.forEach((name, read) -> values.put(name, Values.text(read.of(request, response, null))));
        return values;
    }

    boolean holds(Request request, @Nullable Response response) {
        return node.holds(request, response, null);
    }

    /** What it is, as far as that is known, for messages; and whether it may be true or false. */
    boolean isCondition() {
        return Kind.BOOLEAN.takes(node.kind());
    }

    String kind() {
        return node.kind().words();
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
