package dev.sallyport.plugins.mask;

import dev.sallyport.api.LogMask;
import java.util.Locale;

/** What the rules say of logs. Immutable. */
record LogHiding(Hiding hiding, Count count) implements LogMask {

    @Override
    public String header(String name, String value) {
        Style style = hiding.headers().get(name.toLowerCase(Locale.ROOT));
        if (style != null) {
            count.hidden("header");
            return style.of(value);
        }
        return TextRewriter.text(value, hiding.patterns(), count);
    }

    @Override
    public String query(String query) {
        return Pairs.query(query, "query", hiding::query, hiding.patterns(), count);
    }

    /** Segment by segment, as they are meant. */
    @Override
    public String path(String path) {
        return hiding.patterns().isEmpty() ? path : Segments.searched(path, hiding.patterns(), count);
    }
}
