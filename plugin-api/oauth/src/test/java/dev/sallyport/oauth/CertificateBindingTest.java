package dev.sallyport.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Exchange;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.TestAuthority;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateBindingTest {

    private static X509Certificate mine;
    private static X509Certificate other;

    @BeforeAll
    static void issue(@TempDir Path folder) throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        mine = authority.issue("mine", "EC");
        other = authority.issue("other", "EC");
    }

    private static Map<String, Object> boundTo(Object hash) {
        return Map.of("sub", "alice", "cnf", Map.of("x5t#S256", hash));
    }

    private static String hash(X509Certificate certificate) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    private static Exchange by(X509Certificate... certificates) {
        return FakeExchange.builder()
                .tls(new Exchange.Tls("TLSv1.3", "TLS_AES_128_GCM_SHA256", null, List.of(certificates)))
                .build();
    }

    @Test
    void holdsForTheCertificateThatTheClientHasShown() throws Exception {
        assertThat(CertificateBinding.holds(boundTo(hash(mine)), by(mine))).isTrue();
        // Those behind it are its issuers'.
        assertThat(CertificateBinding.holds(boundTo(hash(mine)), by(other, mine)))
                .isFalse();
    }

    @Test
    void holdsForNoOtherAndNotWithoutOne() throws Exception {
        assertThat(CertificateBinding.holds(boundTo(hash(mine)), by(other))).isFalse();
        assertThat(CertificateBinding.holds(boundTo(hash(mine)), by())).isFalse();
        assertThat(CertificateBinding.holds(boundTo(hash(mine)), FakeExchange.create()))
                .isFalse();
        assertThat(CertificateBinding.holds(boundTo(hash(mine) + "="), by(mine)))
                .isFalse();
        assertThat(CertificateBinding.holds(boundTo(7), by(mine))).isFalse();
    }

    @Test
    void holdsForATokenThatIsBoundToNoCertificate() {
        assertThat(CertificateBinding.holds(Map.of("sub", "alice"), by())).isTrue();
        assertThat(CertificateBinding.holds(Map.of("cnf", Map.of("jkt", "x")), by()))
                .isTrue();
    }
}
