package dev.sallyport.kernel.recent;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.kernel.config.GatewayConfig.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A sample of the requests of the last minutes, as far as routes look at them. Of header fields and query parameters, those
 * alone that some match asks for; never what authenticates. In memory only. Thread-safe.
 */
public final class RecentRequests {

    private static final int LONGEST = 512;
    private static final Set<String> NEVER = Set.of("authorization", "proxy-authorization", "cookie", "host");

    private final Ring<Seen> ring = new Ring<>();

    /** What matches of one table look at. */
    public static final class Looks {

        private final String[] headers;
        private final Set<String> query;

        private Looks(Set<String> headers, Set<String> query) {
            this.headers = headers.toArray(String[]::new);
            this.query = query;
        }

        /** What those matches ask for beside host, path and method. */
        public static Looks of(Collection<Match> matches) {
            Set<String> headers = new TreeSet<>();
            Set<String> query = new TreeSet<>();
            for (Match match : matches) {
                match.headers().keySet().forEach(name -> headers.add(name.toLowerCase(Locale.ROOT)));
                query.addAll(match.query().keySet());
            }
            headers.removeAll(NEVER);
            return new Looks(headers, query);
        }
    }

    /**
     * A request as it was routed.
     *
     * @param host the field {@code Host}
     * @param target with those parameters alone that a match asked for
     * @param headers those alone that a match asked for
     */
    public record Seen(String method, String host, RequestTarget target, Headers headers) {}

    /** Takes a request into the sample, if it is time for one. */
    public void see(Request request, Looks looks) {
        if (ring.isDue() && request.target().path().length() <= LONGEST) {
            ring.add(new Seen(
                    request.method(),
                    request.headers().get("host", ""),
                    request.target().withQuery(query(request.target().query(), looks.query)),
                    headers(request.headers(), looks.headers)));
        }
    }

    private static Headers headers(Headers all, String[] names) {
        Headers kept = Headers.empty();
        for (String name : names) {
            for (String value : all.all(name)) {
                if (value.length() <= LONGEST) {
                    kept = kept.withAdded(name, value);
                }
            }
        }
        return kept;
    }

    private static @Nullable String query(@Nullable String query, Set<String> names) {
        if (query == null || names.isEmpty() || query.length() > LONGEST) {
            return null;
        }
        List<String> kept = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            RequestTarget alone = new RequestTarget("/", pair);
            if (names.stream().anyMatch(name -> alone.parameter(name) != null)) {
                kept.add(pair);
            }
        }
        return kept.isEmpty() ? null : String.join("&", kept);
    }

    /** Those of the last time, in no order. */
    public List<Seen> within(Duration past) {
        return ring.within(past);
    }
}
