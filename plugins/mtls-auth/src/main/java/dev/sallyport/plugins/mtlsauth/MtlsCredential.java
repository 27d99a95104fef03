package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** What a certificate must say to be one consumer's: all that is given. */
public record MtlsCredential(
        @Doc("Its URI, such as a SPIFFE id: spiffe://shop.example/ns/prod/*; a star stands for one segment of the"
                + " path.")
        @Nullable
        String uri,

        @Doc("One of its DNS names: mobile.partner.example; a star stands for one label.") @Nullable
        String dns,

        @Doc("One of its mail addresses.") @Nullable String email,

        @Doc("Its subject, whole: CN=mobile,O=Partner.") @Nullable
        String subject,

        @Doc("The SHA-256 of the certificate itself: sha256: and 64 lower-case hexadecimal digits.") @Nullable
        String fingerprint,

        @Doc("The subject of its issuer, in addition to another key: for listeners that trust several authorities.")
        @Nullable
        String issuer,

        @Doc("A name for the credential, by which it is removed.") @Nullable
        String id) {

    public MtlsCredential {
        if (uri == null && dns == null && email == null && subject == null && fingerprint == null) {
            throw new ConfigException("", "nothing (expected: uri, dns, email, subject or fingerprint)");
        }
        checkName("subject", subject);
        checkName("issuer", issuer);
        if (fingerprint != null && !fingerprint.matches("sha256:[0-9a-f]{64}")) {
            throw new ConfigException(
                    "fingerprint", fingerprint + " (expected: sha256: and 64 lower-case hexadecimal digits)");
        }
        if (uri != null && !uri.matches("[A-Za-z][A-Za-z0-9+.-]*:.+")) {
            throw new ConfigException("uri", uri + " (expected: a URI with its scheme)");
        }
        dns = dns == null ? null : dns.toLowerCase(Locale.ROOT);
    }

    private static void checkName(String key, @Nullable String name) {
        try {
            if (name != null && new X500Principal(name).getName().isEmpty()) {
                throw new ConfigException(key, "'' (expected: a distinguished name such as CN=mobile,O=Partner)");
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    key, "'" + name + "' (expected: a distinguished name such as CN=mobile,O=Partner)");
        }
    }

    /** What it asks for, whatever it is called. */
    MtlsCredential unnamed() {
        return new MtlsCredential(uri, dns, email, subject, fingerprint, issuer, null);
    }

    /** Whether a certificate says all this. */
    boolean fits(Identity identity) {
        return fits(subject, identity.subject())
                && fits(issuer, identity.issuer())
                && (fingerprint == null || fingerprint.equals(identity.fingerprint()))
                && (uri == null || identity.uris().stream().anyMatch(one -> fits(uri, one, "/")))
                && (dns == null || identity.dnsNames().stream().anyMatch(one -> fits(dns, one, ".")))
                && (email == null || identity.emails().stream().anyMatch(one -> isSameMailbox(email, one)));
    }

    /** Names are equal by what they say, not by how it is written: case, spaces, the order within a part. */
    private static boolean fits(@Nullable String name, X500Principal principal) {
        return name == null || new X500Principal(name).equals(principal);
    }

    /** A star stands for one part, whatever it is; everything else for itself. */
    private static boolean fits(String pattern, String value, String separator) {
        String[] parts = pattern.split(Pattern.quote(separator), -1);
        String[] values = value.split(Pattern.quote(separator), -1);
        if (parts.length != values.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].equals("*") ? values[i].isEmpty() : !parts[i].equals(values[i])) {
                return false;
            }
        }
        return true;
    }

    /** RFC 5321 §2.4: the part before the at sign is as it is written, the domain in any case. */
    private static boolean isSameMailbox(String one, String other) {
        int at = one.lastIndexOf('@') + 1;
        return one.length() == other.length()
                && one.substring(0, at).equals(other.substring(0, at))
                && one.substring(at).equalsIgnoreCase(other.substring(at));
    }
}
