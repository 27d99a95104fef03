package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.UpstreamConfig.Tls;
import dev.sallyport.kernel.routing.HostPattern;
import dev.sallyport.kernel.tls.Identity;
import dev.sallyport.kernel.tls.PemFile;
import dev.sallyport.kernel.tls.TlsFileException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What targets of upstreams and TLS with them must be, and what the files of that say. */
final class UpstreamCheck {

    /** What Linux takes for the path of a socket: 108 bytes with the one that ends it. */
    private static final int LONGEST_SOCKET = 107;

    private UpstreamCheck() {}

    static void tls(UpstreamConfig upstream, Binding binding) {
        Tls tls = upstream.tls();
        if (tls.equals(Tls.USUAL)) {
            return;
        }
        Place place = upstream.place();
        if (upstream.targets().stream()
                .noneMatch(target -> "https".equalsIgnoreCase(target.url().getScheme()))) {
            binding.find(
                    LintRule.IDLE_TLS,
                    place,
                    "tls",
                    "tls",
                    " (expected: a target of https beside it); write https:// before the targets, or remove tls");
        }
        if (!tls.verify()) {
            if (tls.ca() != null) {
                binding.refuse(
                        place,
                        "tls.ca",
                        tls.ca(),
                        " (expected: no ca beside verify: false, which trusts anybody); remove one of them");
            }
            binding.find(
                    LintRule.TLS_UNVERIFIED,
                    place,
                    "tls.verify",
                    "false",
                    " (expected: true; anybody on the way can now read and change everything); give the authority by"
                            + " ca, or the certificate's name by serverName");
        }
        name(tls, place, binding);
        files(tls, place, binding);
    }

    private static void name(Tls tls, Place place, Binding binding) {
        String name = tls.serverName();
        if (name == null) {
            return;
        }
        try {
            if (name.startsWith("*")) {
                throw new IllegalArgumentException(name);
            }
            HostPattern.parse(name);
        } catch (IllegalArgumentException e) {
            binding.refuse(place, "tls.serverName", name, " (expected: a host name); write the certificate's name");
        }
    }

    private static void files(Tls tls, Place place, Binding binding) {
        Path ca = tls.ca();
        if (ca != null && tls.verify()) {
            try {
                PemFile.read(ca).certificates();
            } catch (TlsFileException e) {
                binding.refuse(place, "tls.ca", ca, rest("a PEM file of certificates", e));
            }
        }
        Path certificate = tls.certificate();
        Path key = tls.key();
        if (certificate != null && key != null) {
            try {
                Identity.read(certificate, key);
            } catch (TlsFileException e) {
                boolean ofKey = String.valueOf(e.getMessage()).startsWith(key.toString());
                binding.refuse(
                        place,
                        ofKey ? "tls.key" : "tls.certificate",
                        ofKey ? key : certificate,
                        rest(ofKey ? "a PEM file of its key" : "a PEM file of certificates", e));
            }
        } else if (certificate != null) {
            binding.refuse(place, "tls.certificate", certificate, " (expected: key beside it); add the key's file");
        } else if (key != null) {
            binding.refuse(place, "tls.key", key, " (expected: certificate beside it); add the certificate's file");
        }
    }

    /** What is wrong with a file, and behind it the mend. */
    private static String rest(String expected, TlsFileException e) {
        String message = String.valueOf(e.getMessage());
        int mend = message.lastIndexOf("; ");
        return " (expected: " + expected + "; but " + message.substring(0, mend) + ")" + message.substring(mend);
    }

    static @Nullable String targetProblem(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (scheme.equals("unix")) {
            return unixProblem(url);
        }
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return " (expected: a URL such as http://127.0.0.1:9001); write http:// before the host";
        }
        if (url.getHost() == null) {
            return " (expected: a URL with a host, such as http://127.0.0.1:9001); mend the host";
        }
        if (url.getRawUserInfo() != null) {
            return " (expected: a URL without user and password); a headers step can set authorization";
        }
        if (url.getPort() == 0 || url.getPort() > 65535) {
            return " (expected: a port from 1 to 65535); mend the port";
        }
        boolean more = !url.getRawPath().isEmpty() || url.getRawQuery() != null || url.getRawFragment() != null;
        return more
                ? " (expected: a URL without a path); write " + scheme + "://" + url.getRawAuthority()
                        + ", and change paths by a rewrite step"
                : null;
    }

    private static @Nullable String unixProblem(URI url) {
        String path = url.getPath();
        if (path == null || !path.startsWith("/") || url.getRawAuthority() != null || url.getRawQuery() != null) {
            return " (expected: unix: and an absolute path, such as unix:/run/app.sock); mend the path";
        }
        return path.getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET
                ? " (expected: a path of at most " + LONGEST_SOCKET + " bytes); move the socket to a shorter one"
                : null;
    }
}
