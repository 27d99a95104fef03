package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ListenerConfig.Protocol;
import dev.sallyport.kernel.config.ListenerConfig.ProxyProtocol;
import dev.sallyport.kernel.config.TlsConfig.ClientAuth;
import dev.sallyport.kernel.tls.Identity;
import dev.sallyport.kernel.tls.PemFile;
import dev.sallyport.kernel.tls.TlsFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rules between the values of a listener, and what its files say. */
final class ListenerCheck {

    /** When it is said that a certificate ends: while there is time to renew it by hand. */
    private static final Duration SOON = Duration.ofDays(14);

    private static final Pattern MODE = Pattern.compile("[0-7]{3}");

    private static final Pattern DOMAIN = Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    private static final Pattern ORIGIN =
            Pattern.compile("https://(\\[[0-9a-fA-F:.]{2,45}]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?");

    private final ListenerConfig listener;
    private final Binding binding;

    private ListenerCheck(ListenerConfig listener, Binding binding) {
        this.listener = listener;
        this.binding = binding;
    }

    static void check(ListenerConfig listener, List<ListenerConfig> all, Binding binding) {
        ListenerCheck check = new ListenerCheck(listener, binding);
        check.protocols();
        check.transport();
        check.redirect(all);
        if (listener.tls() != null) {
            check.tls(listener.tls());
        }
    }

    private void protocols() {
        String fitting = listener.tls() == null ? "http1, h2c" : "http1, h2";
        if (binding.sources().node(listener.place(), "protocols") instanceof ConfigNode.Sequence written) {
            if (written.items().isEmpty()) {
                refuse("protocols", "[]", " (expected: " + fitting + "); add one, or remove the key");
                return;
            }
        } else {
            return;
        }
        for (int i = 0; i < listener.protocols().size(); i++) {
            Protocol protocol = listener.protocols().get(i);
            String key = "protocols[" + i + "]";
            String name = protocol.name().toLowerCase(Locale.ROOT);
            if (protocol == Protocol.H3) {
                refuse(key, name, " (expected: " + fitting + "; HTTP/3 is not available in this version); remove it");
            } else if (protocol == Protocol.H2 && listener.tls() == null) {
                refuse(key, name, " (expected: " + fitting + "; h2 is spoken over TLS); write h2c, or add tls");
            } else if (protocol == Protocol.H2C && listener.tls() != null) {
                refuse(key, name, " (expected: " + fitting + "; h2c is clear text); write h2");
            }
        }
    }

    private void transport() {
        if (!MODE.matcher(listener.socketMode()).matches()) {
            refuse("socketMode", listener.socketMode(), " (expected: three octal digits such as 660); mend it");
        }
        if (listener.proxyProtocol() == ProxyProtocol.REQUIRED
                && listener.trustedProxies() == null
                && listener.address().socket() == null) {
            refuse(
                    "proxyProtocol",
                    "required",
                    " (expected: trustedProxies beside it, since a PROXY header says who the client is); add the"
                            + " addresses of the proxies");
        }
    }

    private void redirect(List<ListenerConfig> all) {
        String to = listener.redirectTo();
        if (to == null) {
            return;
        }
        if (to.contains("://")) {
            if (!ORIGIN.matcher(to).matches()) {
                refuse("redirectTo", to, " (expected: https:// and a host, without a path); mend it");
            }
            return;
        }
        List<String> secure = all.stream()
                .filter(other -> other.tls() != null && other.address().socket() == null)
                .map(ListenerConfig::name)
                .toList();
        if (!secure.contains(to)) {
            refuse(
                    "redirectTo",
                    to,
                    " (expected: a listener with tls" + (secure.isEmpty() ? "" : ": " + Suggestion.list(secure))
                            + "; or https:// and a host); "
                            + Suggestion.mend(to, secure, "name one of them, or write https://HOST"));
        } else if (to.equals(listener.name())) {
            refuse("redirectTo", to, " (expected: another listener than itself); name another one");
        }
    }

    private void tls(TlsConfig tls) {
        if (tls.certificate() == null && tls.key() != null) {
            binding.refuse(tls.place(), "key", tls.key(), " (expected: certificate beside it); add the certificate");
        } else if (tls.certificate() != null && tls.key() == null) {
            binding.refuse(
                    tls.place(), "certificate", tls.certificate(), " (expected: key beside it); add the key's file");
        } else if (tls.all().isEmpty() && tls.acme() == null) {
            binding.refuse(
                    tls.place(),
                    "",
                    "no certificate",
                    " (expected: certificate and key, or acme); add the files of both");
        }
        tls.all().forEach(this::certificate);
        if (tls.acme() != null) {
            acme(tls.acme(), tls.place());
        }
        Path ca = tls.clientCa();
        if (ca == null && tls.clientAuth() != ClientAuth.NONE) {
            binding.refuse(
                    tls.place(),
                    "clientAuth",
                    tls.clientAuth().name().toLowerCase(Locale.ROOT),
                    " (expected: clientCa beside it); add the file of the authorities whose clients are good");
        } else if (ca != null && tls.clientAuth() == ClientAuth.NONE) {
            binding.refuse(
                    tls.place(),
                    "clientCa",
                    ca,
                    " (expected: clientAuth: optional or required beside it); add one, or remove it");
        } else if (ca != null) {
            try {
                PemFile.read(ca).certificates();
            } catch (TlsFileException e) {
                binding.refuse(tls.place(), "clientCa", ca, rest("a PEM file of certificates", e));
            }
        }
    }

    private void acme(AcmeConfig acme, Place place) {
        if (!acme.agreeToTerms()) {
            binding.refuse(
                    place,
                    "acme.agreeToTerms",
                    "false",
                    " (expected: true, since the authority gives no certificate else); read its terms, and write"
                            + " agreeToTerms: true");
        }
        if (!"https".equals(acme.directory().getScheme()) || acme.directory().getHost() == null) {
            binding.refuse(place, "acme.directory", acme.directory(), " (expected: an https URL); mend it");
        }
        for (int i = 0; i < acme.domains().size(); i++) {
            if (!DOMAIN.matcher(acme.domains().get(i)).matches()) {
                binding.refuse(
                        place,
                        "acme.domains[" + i + "]",
                        acme.domains().get(i),
                        " (expected: a host name such as shop.example.com; wildcards need another way than ACME over"
                                + " HTTP or TLS); mend it");
            }
        }
        if (acme.directoryCa() != null) {
            try {
                PemFile.read(acme.directoryCa()).certificates();
            } catch (TlsFileException e) {
                binding.refuse(place, "acme.directoryCa", acme.directoryCa(), rest("a PEM file of certificates", e));
            }
        }
    }

    private void certificate(TlsConfig.Certificate one) {
        try {
            PemFile.read(one.certificate()).certificates();
        } catch (TlsFileException e) {
            binding.refuse(one.place(), "certificate", one.certificate(), rest("a PEM file of certificates", e));
            return;
        }
        Identity identity;
        try {
            identity = Identity.read(one.certificate(), one.key());
        } catch (TlsFileException e) {
            boolean chain = String.valueOf(e.getMessage()).startsWith(one.certificate() + ": certificate ");
            binding.refuse(
                    one.place(),
                    chain ? "certificate" : "key",
                    chain ? one.certificate() : one.key(),
                    rest(chain ? "each certificate's issuer after it" : "the certificate's key, as PEM", e));
            return;
        }
        Instant end = identity.certificate().getNotAfter().toInstant();
        Instant now = Instant.now();
        if (end.isBefore(now.plus(SOON))) {
            String ended = end.isBefore(now) ? "ended" : "ends";
            ConfigNode written = binding.sources().node(one.place(), "certificate");
            binding.warning(
                    written == null ? one.place() : written.place(),
                    Sources.join(binding.sources().key(one.place()), "certificate"),
                    one.certificate() + " " + ended + " on " + end + " (expected: a date further away); renew it");
        }
        if (identity.certificate().getNotBefore().toInstant().isAfter(now)) {
            binding.warning(
                    one.place(),
                    Sources.join(binding.sources().key(one.place()), "certificate"),
                    one.certificate() + " holds only from "
                            + identity.certificate().getNotBefore().toInstant()
                            + " on (expected: a date in the past); check this machine's clock");
        }
    }

    /** What is wrong with a file, and behind it the mend. */
    private static String rest(String expected, TlsFileException e) {
        String message = String.valueOf(e.getMessage());
        int mend = message.lastIndexOf("; ");
        return " (expected: " + expected + "; but " + message.substring(0, mend) + ")" + message.substring(mend);
    }

    private void refuse(String key, String value, String rest) {
        binding.refuse(listener.place(), key, value, rest);
    }
}
