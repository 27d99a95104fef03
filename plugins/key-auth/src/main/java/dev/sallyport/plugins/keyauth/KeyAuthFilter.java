package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Credential;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/**
 * Finds the consumer by the hash of the key.
 *
 * <p>The look-up takes no constant time, and need not: it compares hashes. Who measures it learns about the hash of a key
 * of his own making, and cannot make keys whose hash comes nearer and nearer to a given one.
 */
final class KeyAuthFilter implements Filter {

    /** Longer keys are refused unhashed. Keys that anyone issues have less than a hundred characters. */
    static final int LONGEST_KEY = 512;

    private static final Problem MISSING = new Problem(401, "api-key-missing", "An API key is needed");
    private static final Problem INVALID = new Problem(401, "api-key-invalid", "The API key is not valid");
    private static final Problem EXPIRED = new Problem(401, "api-key-expired", "The API key has expired");

    private final KeyAuthConfig config;
    private final Map<KeyHash, Credential<KeyCredential>> byHash;
    private final Clock clock;
    private final Problem missing;
    private final String challenge;

    KeyAuthFilter(KeyAuthConfig config, Map<KeyHash, Credential<KeyCredential>> byHash, Clock clock) {
        this.config = config;
        this.byHash = byHash;
        this.clock = clock;
        KeyLocation in = config.in();
        this.missing = MISSING.withDetail("Send the key in the " + in.kind() + " " + in.name() + ".");
        this.challenge = "ApiKey realm=\"api\", " + in.kind() + "=\"" + quotable(in.name()) + "\"";
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        List<String> keys = config.in().keys(request);
        if (keys.isEmpty() || (keys.size() == 1 && keys.getFirst().isEmpty())) {
            return refuse(request, missing, "missing");
        }
        if (keys.size() > 1) {
            // Which one counts would differ from what another party on the way sees, so none does.
            return refuse(request, INVALID.withDetail("More than one key was sent."), "several");
        }
        String key = keys.getFirst();
        Credential<KeyCredential> credential = key.length() > LONGEST_KEY ? null : byHash.get(KeyHash.of(key));
        if (credential == null) {
            return refuse(request, INVALID, "unknown");
        }
        noteKey(request.exchange(), credential);
        if (hasExpired(credential.value())) {
            return refuse(request, EXPIRED, "expired");
        }
        request.exchange().authenticated(credential.consumer());
        return next.proceed(toUpstream(request, credential.consumer()));
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    private boolean hasExpired(KeyCredential credential) {
        return credential.expires() != null
                && !LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).isBefore(credential.expires());
    }

    private Request toUpstream(Request request, Consumer consumer) {
        Request passed = config.forward() ? request : config.in().without(request);
        return config.tellsConsumer() ? passed.withHeader(config.consumerHeader(), consumer.name()) : passed;
    }

    private Response refuse(Request request, Problem problem, String why) {
        request.exchange().note("refused", why);
        return problem.toResponse(request).withHeader("www-authenticate", challenge);
    }

    private static void noteKey(Exchange exchange, Credential<KeyCredential> credential) {
        exchange.note("consumer", credential.consumer().name());
        String id = credential.value().id();
        if (id != null) {
            exchange.note("keyId", id);
        }
    }

    /** What can stand in a quoted string of a header as it is; a name that needs more is told as far as it goes. */
    private static String quotable(String name) {
        return name.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "_");
    }
}
