package dev.sallyport.api.config;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the {@link Names} take from a request what it does not have ready: nothing is split or copied that is not the value. */
final class Facts {

    /** Left by the steps that verify tokens. */
    @SuppressWarnings("rawtypes") // a class literal has no type arguments
    private static final Attribute<Map> CLAIMS = Attribute.of("jwt-claims", Map.class);

    /** General names of RFC 5280 §4.2.1.6, by their tags. */
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;

    private Facts() {}

    /** Fields of one name are one list, however they are split into lines (RFC 9110 §5.3), so that none is overlooked. */
    static @Nullable String field(Headers headers, String name) {
        String value = null;
        for (int i = 0; i < headers.size(); i++) {
            String candidate = headers.name(i);
            if (candidate.length() == name.length() && candidate.equalsIgnoreCase(name)) {
                String separator = name.equalsIgnoreCase("cookie") ? "; " : ", ";
                value = value == null ? headers.value(i) : value + separator + headers.value(i);
            }
        }
        return value;
    }

    static @Nullable String cookie(Headers headers, String name) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase("cookie")) {
                String found = cookie(headers.value(i), name);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable String cookie(String field, String name) {
        for (int from = 0; from < field.length(); ) {
            int end = field.indexOf(';', from);
            end = end < 0 ? field.length() : end;
            int equals = field.indexOf('=', from);
            if (equals >= 0 && equals < end) {
                int first = from;
                while (first < equals && field.charAt(first) == ' ') {
                    first++;
                }
                int last = equals;
                while (last > first && field.charAt(last - 1) == ' ') {
                    last--;
                }
                if (last - first == name.length() && field.startsWith(name, first)) {
                    return field.substring(equals + 1, end).strip();
                }
            }
            from = end + 1;
        }
        return null;
    }

    /** Without a port, in lower case, as hosts are compared. */
    static @Nullable String host(Request request) {
        String host = request.header("host");
        if (host == null) {
            return null;
        }
        int colon = host.lastIndexOf(':');
        return (colon > host.lastIndexOf(']') ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }

    static @Nullable Object claim(Request request, String name) {
        Map<?, ?> claims = request.exchange().get(CLAIMS);
        return claims == null ? null : Values.ofJson(claims.get(name));
    }

    static @Nullable X509Certificate certificate(Request request) {
        Exchange.Tls tls = request.exchange().tls();
        return tls == null || tls.clientCertificates().isEmpty()
                ? null
                : tls.clientCertificates().getFirst();
    }

    static @Nullable String fingerprint(Request request) {
        X509Certificate certificate = certificate(request);
        try {
            return certificate == null ? null : "sha256:" + sha256(certificate.getEncoded());
        } catch (GeneralSecurityException withoutEncoding) {
            return null;
        }
    }

    /** What it is issued to beside its subject: URIs, e-mail addresses, and host names in lower case. */
    static @Nullable List<String> names(Request request) {
        X509Certificate certificate = certificate(request);
        if (certificate == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (List<?> name : alternatives(certificate)) {
            if (name.get(0) instanceof Integer tag && name.get(1) instanceof String text) {
                if (tag == DNS) {
                    names.add(text.toLowerCase(Locale.ROOT));
                } else if (tag == URI || tag == EMAIL) {
                    names.add(text);
                }
            }
        }
        return names;
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
