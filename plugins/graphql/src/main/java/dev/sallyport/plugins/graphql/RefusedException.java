package dev.sallyport.plugins.graphql;

import org.jspecify.annotations.Nullable;

/** An operation does not pass. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Why why;
    private final int line;
    private final int column;
    private final @Nullable String path;

    /** The kinds of refusals: the code of GraphQL's world, that of the problem, and the status. */
    enum Why {
        MALFORMED("BAD_REQUEST", "graphql-malformed", 400, "Not a GraphQL request"),
        SYNTAX("GRAPHQL_PARSE_FAILED", "graphql-syntax", 400, "Not a GraphQL document"),
        INVALID("GRAPHQL_VALIDATION_FAILED", "graphql-invalid", 400, "The operation is not valid"),
        TOO_COMPLEX("QUERY_TOO_COMPLEX", "graphql-too-complex", 400, "The operation asks for too much"),
        NOT_LISTED("PERSISTED_QUERY_NOT_LISTED", "graphql-not-listed", 403, "The operation is not listed"),
        HASH("PERSISTED_QUERY_HASH_MISMATCH", "graphql-malformed", 400, "Not a GraphQL request"),
        NOT_FOUND("PERSISTED_QUERY_NOT_FOUND", "graphql-not-found", 200, "PersistedQueryNotFound"),
        UNSUPPORTED("PERSISTED_QUERY_NOT_SUPPORTED", "graphql-not-found", 200, "PersistedQueryNotSupported"),
        INTROSPECTION("INTROSPECTION_DISABLED", "graphql-field-denied", 403, "The operation may not ask for that"),
        FIELD("FORBIDDEN", "graphql-field-denied", 403, "The operation may not ask for that"),
        KIND("OPERATION_NOT_ALLOWED", "graphql-kind", 403, "Operations of that kind do not pass"),
        METHOD("METHOD_NOT_ALLOWED", "method-not-allowed", 405, "Method not allowed"),
        MEDIA_TYPE("UNSUPPORTED_MEDIA_TYPE", "media-type-unsupported", 415, "Media type not supported");

        final String code;
        final String problem;
        final int status;
        final String title;

        Why(String code, String problem, int status, String title) {
            this.code = code;
            this.problem = problem;
            this.status = status;
            this.title = title;
        }
    }

    RefusedException(Why why, String message) {
        this(why, message, 0, 0, null);
    }

    /**
     * What is wrong, and where.
     *
     * @param line from 1; 0 where there is none
     * @param path of the field; null where it is none's
     */
    RefusedException(Why why, String message, int line, int column, @Nullable String path) {
        super(message, null, false, false);
        this.why = why;
        this.line = line;
        this.column = column;
        this.path = path;
    }

    Why why() {
        return why;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    @Nullable
    String path() {
        return path;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
