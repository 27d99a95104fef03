package dev.sallyport.plugins.extauth;

import dev.sallyport.api.Headers;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The settings of one step. */
public record ExtAuthConfig(
        @Doc("Who decides: {http: …} for any HTTP service, {opa: …} for Open Policy Agent.")
        Service ask,

        @Doc("The request headers that the service gets to see; * for all.") @Default("[\"*\"]")
        List<String> send,

        @Doc("How much of the request's body the service gets to see; a longer one is answered 413; 0B for none,"
                + " which leaves it unread.")
        @Default("0B")
        Size body,

        @Doc("Headers of a decision that lets pass, told to the upstream in the place of those of the client.")
        List<String> toUpstream,

        @Doc("Headers of a decision that lets pass, added to the response: set-cookie for a session that was renewed.")
        List<String> toClient,

        @Doc("Headers of a decision that refuses, passed on to the client with it.")
        @Default("[content-language, content-type, location, set-cookie, www-authenticate]")
        List<String> answer,

        @Doc("How long a decision may take.") @Default("2s") @Min(1) @Max(60_000)
        Duration timeout,

        @Doc("What becomes of requests that cannot be decided: closed answers 503, open lets them pass.")
        @Default("closed")
        WhenUnavailable whenUnavailable,

        @Doc("Keeps decisions for a while; without it, the service is asked about each request.") @Nullable
        CacheConfig cache) {

    private static final long MOST_BODY = 64L << 20;

    public ExtAuthConfig {
        send = names("send", send);
        toUpstream = names("toUpstream", toUpstream);
        toClient = names("toClient", toClient);
        answer = names("answer", answer);
        if (body.bytes() > MOST_BODY) {
            throw new ConfigException("body", body + " (expected: 64MiB or less; it is held in memory)");
        }
        if (body.bytes() > 0
                && ask instanceof Service.Http http
                && http.method().equals("GET")) {
            throw new ConfigException(
                    "body", body + " (expected: with ask.http.method POST or original; a GET has no body)");
        }
        if (body.bytes() > 0 && cache != null) {
            throw new ConfigException("cache", "(expected: not with body; a decision depends on more than is kept)");
        }
    }

    private static List<String> names(String key, List<String> names) {
        for (String name : names) {
            boolean all = name.equals("*") && key.equals("send");
            if (!all && (name.equals("*") || !isName(name))) {
                throw new ConfigException(key, "'" + name + "' (expected: the name of a header)");
            }
        }
        return List.copyOf(names);
    }

    private static boolean isName(String name) {
        try {
            Headers.of(name, "");
            return true;
        } catch (IllegalArgumentException notAName) {
            return false;
        }
    }
}
