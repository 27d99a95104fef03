package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Credential;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds whose certificates are, and remembers it for those that were seen last. Thread-safe. */
final class Callers {

    private static final int MOST_REMEMBERED = 10_000;

    private final List<Credential<MtlsCredential>> credentials;
    private final MtlsAuthConfig.Others others;
    private final Predicate<String> isConfigured;
    private final Map<X509Certificate, Found> remembered = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * What was found.
     *
     * @param consumer null where it is nobody's
     * @param why it is nobody's; {@code ""} where it is somebody's
     */
    record Found(Identity identity, @Nullable Consumer consumer, String why) {}

    /** @param isConfigured whether a consumer of that name is configured */
    Callers(
            List<Credential<MtlsCredential>> credentials,
            MtlsAuthConfig.Others others,
            Predicate<String> isConfigured) {
        this.credentials = credentials;
        this.others = others;
        this.isConfigured = isConfigured;
    }

    /** Whose it is. */
    Found of(X509Certificate certificate) {
        synchronized (remembered) {
            Found known = remembered.get(certificate);
            if (known != null) {
                return known;
            }
        }
        Found found = find(Identity.of(certificate));
        synchronized (remembered) {
            remembered.put(certificate, found);
            if (remembered.size() > MOST_REMEMBERED) {
                remembered.remove(remembered.keySet().iterator().next());
            }
        }
        return found;
    }

    private Found find(Identity identity) {
        List<Consumer> fitting = credentials.stream()
                .filter(credential -> credential.value().fits(identity))
                .map(Credential::consumer)
                .distinct()
                .toList();
        if (fitting.size() == 1) {
            return new Found(identity, fitting.getFirst(), "");
        }
        if (fitting.size() > 1) {
            return new Found(identity, null, "several consumers");
        }
        String name = switch (others) {
            case REFUSE -> null;
            case URI -> only(identity.uris());
            case DNS -> only(identity.dnsNames());
            case EMAIL -> only(identity.emails());
            case SUBJECT -> only(List.of(identity.subject().getName()));
        };
        if (name == null) {
            return new Found(identity, null, others == MtlsAuthConfig.Others.REFUSE ? "unknown" : "unnamed");
        }
        // An authority that signs names is not thereby one that makes somebody a configured consumer.
        return isConfigured.test(name)
                ? new Found(identity, null, "named as a consumer")
                : new Found(identity, new Consumer(name), "");
    }

    private static @Nullable String only(List<String> names) {
        return names.size() == 1 && !names.getFirst().isBlank() ? names.getFirst() : null;
    }
}
