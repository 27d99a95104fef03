package dev.sallyport.kernel.tls;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What authorities ask for, to see that a name leads here, while they ask for it. Thread-safe. */
public final class Challenges {

    /** The protocol by which an authority asks over TLS (RFC 8737). */
    public static final String TLS_PROTOCOL = "acme-tls/1";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, Identity> shown = new ConcurrentHashMap<>();

    void answer(String token, String text) {
        answers.put(token, text);
    }

    void forget(String token) {
        answers.remove(token);
    }

    void show(String domain, Identity identity) {
        shown.put(domain.toLowerCase(Locale.ROOT), identity);
    }

    void hide(String domain) {
        shown.remove(domain.toLowerCase(Locale.ROOT));
    }

    /** What to answer to that token (RFC 8555 §8.3); null where nobody waits for it. */
    public @Nullable String answer(String token) {
        return answers.isEmpty() ? null : answers.get(token);
    }

    /** What to show for that name (RFC 8737); null where nobody waits for it. */
    @Nullable
    Identity shown(@Nullable String domain) {
        return domain == null ? null : shown.get(domain.toLowerCase(Locale.ROOT));
    }
}
