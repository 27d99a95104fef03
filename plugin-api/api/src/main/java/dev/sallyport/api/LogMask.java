package dev.sallyport.api;

/**
 * Hides data in what is written about an exchange, without changing what passes: left on the exchange by a step that knows what
 * is to be hidden, and asked by those that write logs, when the exchange has ended. Used by any thread.
 *
 * {@snippet :
 * LogMask mask = request.exchange().get(LogMask.OF_EXCHANGE);
 * String query = mask == null ? target.query() : mask.query(target.query());
 * }
 */
public interface LogMask {

    /** Where it is left. Who finds one there leaves both, by {@link #then}. */
    Attribute<LogMask> OF_EXCHANGE = Attribute.of("log-mask", LogMask.class);

    /** A header field's value as it may be written; {@code ""} where nothing of it may. */
    String header(String name, String value);

    /** A query as it may be written, encoded as it came. */
    String query(String query);

    /** A path as it may be written, encoded as it came. */
    String path(String path);

    /** What both hide: the other one after this one. */
    default LogMask then(LogMask other) {
        LogMask first = this;
        return new LogMask() {
            @Override
            public String header(String name, String value) {
                return other.header(name, first.header(name, value));
            }

            @Override
            public String query(String query) {
                return other.query(first.query(query));
            }

            @Override
            public String path(String path) {
                return other.path(first.path(path));
            }
        };
    }
}
