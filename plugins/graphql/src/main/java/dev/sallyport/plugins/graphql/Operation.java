package dev.sallyport.plugins.graphql;

import dev.sallyport.plugins.graphql.GraphqlConfig.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An operation that was judged.
 *
 * @param complexity what it costs
 */
record Operation(Kind kind, @Nullable String name, int depth, int fields, long complexity) {

    String word() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
