package dev.sallyport.kernel.routing;

/**
 * Checks the single values of a {@code match}, so that each error can be shown at its own place; hosts and paths are
 * checked by {@link HostPattern#parse} and {@link PathPattern#parse}. Each throws {@link IllegalArgumentException} with
 * {@code value (expected: …); mend}.
 */
public final class MatchSyntax {

    private MatchSyntax() {}

    /** Checks a method: a token in capitals. */
    public static void checkMethod(String method) {
        Conditions.checkMethod(method);
    }

    /** Checks the name of a header field to match. */
    public static void checkHeaderName(String name) {
        Conditions.checkHeader(name);
    }

    /** Checks the name of a query parameter to match. */
    public static void checkQueryName(String name) {
        Conditions.checkQuery(name);
    }
}
