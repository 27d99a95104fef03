package dev.sallyport.plugins.mtlsauth;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Certificates for tests, made once: keytool takes its time. */
final class Certificates {

    static final Consumer ORDERS = new Consumer("orders", List.of("services"), Map.of());
    static final Consumer MOBILE = new Consumer("mobile");

    private static final Certificates ALL = make();

    private final X509Certificate orders;
    private final X509Certificate mobile;
    private final X509Certificate twoIds;
    private final X509Certificate plain;

    private Certificates(
            X509Certificate orders, X509Certificate mobile, X509Certificate twoIds, X509Certificate plain) {
        this.orders = orders;
        this.mobile = mobile;
        this.twoIds = twoIds;
        this.plain = plain;
    }

    private static Certificates make() {
        try {
            Path folder = Files.createTempDirectory("certificates");
            TestAuthority authority = new TestAuthority(folder);
            Certificates made = new Certificates(
                    authority.issue("orders", "EC", "uri:spiffe://shop.example/ns/prod/orders"),
                    authority.issue(
                            "mobile",
                            "EC",
                            "Mobile.partner.example",
                            "api.partner.example",
                            "email:Ops@Partner.example"),
                    authority.issue(
                            "two", "EC", "uri:spiffe://shop.example/ns/prod/orders", "uri:https://other.example"),
                    authority.issue("plain", "EC"));
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            return made;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Subject CN=orders, one SPIFFE id. */
    static X509Certificate orders() {
        return ALL.orders;
    }

    /** Subject CN=mobile, two DNS names, one mail address. */
    static X509Certificate mobile() {
        return ALL.mobile;
    }

    /** The SPIFFE id of orders, and another URI. */
    static X509Certificate twoIds() {
        return ALL.twoIds;
    }

    /** Subject CN=plain and no further names. */
    static X509Certificate plain() {
        return ALL.plain;
    }

    static FakeExchange.Builder shown(@Nullable X509Certificate certificate) {
        return FakeExchange.builder()
                .tls(new Exchange.Tls(
                        "TLSv1.3",
                        "TLS_AES_128_GCM_SHA256",
                        null,
                        certificate == null ? List.of() : List.of(certificate)));
    }

    static MtlsCredential uri(String uri) {
        return new MtlsCredential(uri, null, null, null, null, null, null);
    }

    static MtlsCredential dns(String dns) {
        return new MtlsCredential(null, dns, null, null, null, null, null);
    }

    static MtlsCredential subject(String subject) {
        return new MtlsCredential(null, null, null, subject, null, null, null);
    }

    static MtlsAuthConfig config() {
        return new MtlsAuthConfig(MtlsAuthConfig.Others.REFUSE, Map.of(), "x-consumer-name", null);
    }
}
