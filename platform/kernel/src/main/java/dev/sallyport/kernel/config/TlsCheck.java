package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.TlsConfig.ClientAuth;
import dev.sallyport.kernel.tls.Identity;
import dev.sallyport.kernel.tls.PemFile;
import dev.sallyport.kernel.tls.TlsFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rules between the values of TLS at an address, and what its files say. */
record TlsCheck(Binding binding) {

    /** When it is said that a certificate ends: while there is time to renew it by hand. */
    private static final Duration SOON = Duration.ofDays(14);

    private static final Pattern DOMAIN = Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*");

    void check(TlsConfig tls) {
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
}
