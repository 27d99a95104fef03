package dev.sallyport.kernel.routing;

/**
 * Which paths a match takes:
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code /orders}</td><td>that path alone</td></tr>
 * <tr><td>{@code /orders/{id}}</td><td>any one segment, not empty, in the place of the parameter</td></tr>
 * <tr><td>{@code /orders/**}</td><td>{@code /orders} and all below it, segment by segment</td></tr>
 * <tr><td>{@code /users/{id}/**}</td><td>both</td></tr>
 * <tr><td>{@code re:/v[12]/.*}</td><td>the whole path, as a regular expression of RE2, which takes linear time</td></tr>
 * </table>
 *
 * <p>Case-sensitive. A pattern is brought into the normal form of paths as requests are, so {@code /café} and
 * {@code /caf%c3%a9} are the same; a regular expression is not, and is matched against {@code /caf%C3%A9}.
 *
 * <p>Immutable and thread-safe; two are equal where their texts are.
 */
public sealed interface PathPattern permits ExactPath, SegmentsPath, RegexPath {

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one: {@code value (expected: …); mend}
     */
    static PathPattern parse(String text) {
        return PathPatternParser.parse(text);
    }

    /**
     * Whether it takes that path.
     *
     * @param path in normal form
     */
    boolean matches(String path);

    /** Its parameters. */
    PathParameters parameters();

    /**
     * What is known of the segments of each path that it takes, from the first one on: literal ones in normal form,
     * {@code {name}} for one that is not empty, each behind a slash; {@code ""} where nothing is.
     */
    String outline();

    /** The written form. */
    String text();

    /** What counts first when several patterns take a path; a lower one goes before a higher one. */
    Kind kind();

    /** The segments that must be there: what counts second, between two prefixes. */
    int segments();

    /** Those of them that are no parameters: what counts next. */
    int literals();

    /** Kinds of patterns, the most specific first. */
    enum Kind {
        /** One path alone. */
        EXACT,
        /** A whole path with parameters. */
        PARAMETERS,
        /** A path and all below it. */
        PREFIX,
        /** A regular expression. */
        REGEX
    }
}
