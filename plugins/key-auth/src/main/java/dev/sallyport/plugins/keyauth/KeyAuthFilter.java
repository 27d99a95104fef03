package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Credential;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Identification;
import dev.sallyport.api.Next;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
    private final Identification identification;
    private final Clock clock;
    private final Problem missing;
    private final List<String> challenges;

    KeyAuthFilter(
            KeyAuthConfig config,
            Map<KeyHash, Credential<KeyCredential>> byHash,
            Identification identification,
            Clock clock) {
        this.config = config;
        this.byHash = byHash;
        this.identification = identification;
        this.clock = clock;
        this.missing = MISSING.withDetail(config.in().stream()
                .map(place -> "the " + place.kind() + " " + place.name())
                .collect(Collectors.joining(" or ", "Send the key in ", ".")));
        this.challenges = config.in().stream()
                .map(place -> "ApiKey realm=\"api\", " + place.kind() + "=\"" + quotable(place.name()) + "\"")
                .toList();
    }

    @Override
    public Response handle(Request request, Next next) throws Exception {
        List<String> keys = config.keys(request);
        if (keys.stream().allMatch(String::isEmpty)) {
            Response passed = identification.proceedWithout(request, next);
            return passed != null ? passed : refuse(request, missing, "missing");
        }
        if (keys.size() > 1) {
            // Which one counts would differ from what another party on the way sees, so none does.
            return refuse(request, INVALID.withDetail("More than one key was sent."), "several");
        }
        String key = keys.getFirst();
        Credential<KeyCredential> credential = key.length() > LONGEST_KEY ? null : byHash.get(KeyHash.of(key));
        if (credential == null) {
            String id = KeyName.idIn(key);
            if (id != null) {
                request.exchange().note("claimedKeyId", id);
            }
            return refuse(request, INVALID, "unknown");
        }
        String id = credential.value().id();
        if (id != null) {
            request.exchange().note("keyId", id);
        }
        if (hasExpired(credential.value())) {
            request.exchange().note("consumer", credential.consumer().name());
            return refuse(request, EXPIRED, "expired");
        }
        return identification.proceed(config.stripped(request), credential.consumer(), next);
    }

    @Override
    public Explanation explain(Request request) throws Exception {
        return Explanation.ofRun(this, request);
    }

    private boolean hasExpired(KeyCredential credential) {
        return credential.expires() != null
                && !LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).isBefore(credential.expires());
    }

    private Response refuse(Request request, Problem problem, String why) {
        request.exchange().note("refused", why);
        Response response = problem.toResponse(request);
        for (String challenge : challenges) {
            response = response.withHeaders(response.headers().withAdded("www-authenticate", challenge));
        }
        return response;
    }

    /** What can stand in a quoted string of a header as it is; a name that needs more is told as far as it goes. */
    private static String quotable(String name) {
        return name.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "_");
    }
}
