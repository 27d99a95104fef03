package dev.sallyport.plugins.jwtauth;

import com.nimbusds.jose.JWSAlgorithm;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * An algorithm by which tokens may be signed (RFC 7518 §3.1, RFC 8037, RFC 9864): those with a public key. With a shared
 * secret every party that checks tokens could also make them, and {@code none} is no signature.
 *
 * @param name its name in the header of a token
 */
public record SignatureAlgorithm(String name) {

    private static final Set<String> NAMES =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519");

    public SignatureAlgorithm {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(name + " (expected: one of " + String.join(", ", new TreeSet<>(NAMES))
                    + "; a shared secret or no signature is never accepted)");
        }
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is not one
     */
    public static SignatureAlgorithm parse(String text) {
        return new SignatureAlgorithm(text);
    }

    /** Whether this Java can check it: cut-down and certified ones leave some out. */
    boolean isAvailable() {
        try {
            Signature.getInstance(
                    switch (name.substring(0, 2)) {
                        case "RS" -> "SHA" + name.substring(2) + "withRSA";
                        case "PS" -> "RSASSA-PSS";
                        case "ES" -> "SHA" + name.substring(2) + "withECDSA";
                        default -> "Ed25519";
                    });
            return true;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }

    /** As the library has them. */
    static Set<JWSAlgorithm> toJws(List<SignatureAlgorithm> algorithms) {
        return algorithms.stream().map(one -> JWSAlgorithm.parse(one.name)).collect(Collectors.toUnmodifiableSet());
    }

    /** The written form. */
    @Override
    public String toString() {
        return name;
    }
}
