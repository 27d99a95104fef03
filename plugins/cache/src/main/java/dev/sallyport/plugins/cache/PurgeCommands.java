package dev.sallyport.plugins.cache;

import dev.sallyport.api.Command;
import dev.sallyport.api.StoreUnavailableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands by which people purge. */
record PurgeCommands(Purges purges, Counts counts) {

    List<Command> commands() {
        return List.of(
                new Command(
                        "purge",
                        "Forgets what is stored: all, or a URL with its host, a path's beginning such as /prices/, or"
                                + " tag:NAME.",
                        on -> purge(on, false)),
                new Command(
                        "soft-purge",
                        "Makes what is stored stale, as purge names it: it may be confirmed, or answered where that is"
                                + " allowed.",
                        on -> purge(on, true)));
    }

    private String purge(@Nullable String on, boolean soft) {
        Purges.Kind kind;
        String value = on == null ? "" : on;
        if (on == null) {
            kind = Purges.Kind.ALL;
        } else if (on.startsWith("tag:")) {
            kind = Purges.Kind.TAG;
            value = on.substring("tag:".length());
        } else if (on.endsWith("*")) {
            kind = Purges.Kind.PREFIX;
            value = on.substring(0, on.length() - 1);
        } else if (on.startsWith("/")) {
            kind = Purges.Kind.PREFIX;
        } else if (on.startsWith("http://") || on.startsWith("https://")) {
            kind = Purges.Kind.URL;
        } else {
            throw new IllegalArgumentException(on
                    + " (expected: a URL such as https://shop.example.com/prices, a path such as /prices/, one with *"
                    + " at its end, or tag:NAME)");
        }
        try {
            purges.add(kind, value, soft);
        } catch (StoreUnavailableException away) {
            throw new IllegalArgumentException(away.getMessage() + "; nothing was purged", away);
        }
        counts.purged();
        return (soft ? "stale from now on: " : "forgotten: ")
                + switch (kind) {
                    case ALL -> "all that was stored";
                    case URL -> value;
                    case PREFIX -> "what begins with " + value;
                    case TAG -> "what carries the tag " + value;
                };
    }
}
