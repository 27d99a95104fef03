package dev.sallyport.plugins.mtlsauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.config.ConfigException;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MtlsCredentialTest {

    @ParameterizedTest
    @CsvSource({
        "spiffe://shop.example/ns/prod/orders,true",
        "spiffe://shop.example/ns/prod/*,true",
        "spiffe://shop.example/*/*/orders,true",
        "spiffe://*/ns/prod/orders,true",
        "spiffe://shop.example/ns/*,false",
        "spiffe://shop.example/ns/prod/orders/*,false",
        "spiffe://shop.example/ns/prod/Orders,false",
        "spiffe://shop.example/ns/prod/order,false",
        "spiffe://shop.example/ns/prod/o*,false",
        "spiffe://shop.example/ns/test/orders,false",
    })
    void knowsASpiffeId(String pattern, boolean fits) {
        assertThat(Certificates.uri(pattern).fits(Identity.of(Certificates.orders())))
                .isEqualTo(fits);
    }

    @Test
    void takesASpiffeIdBesideAnotherUriForNone() {
        Identity two = Identity.of(Certificates.twoIds());

        assertThat(Certificates.uri("spiffe://shop.example/ns/prod/orders").fits(two))
                .isFalse();
        assertThat(Certificates.uri("https://other.example").fits(two)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "mobile.partner.example,true",
        "MOBILE.partner.example,true",
        "api.partner.example,true",
        "*.partner.example,true",
        "*.example,false",
        "partner.example,false",
        "mobile.partner.example.,false",
        "xmobile.partner.example,false",
    })
    void knowsADnsName(String pattern, boolean fits) {
        assertThat(Certificates.dns(pattern).fits(Identity.of(Certificates.mobile())))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({"Ops@Partner.example,true", "Ops@partner.EXAMPLE,true", "ops@partner.example,false"})
    void knowsAMailAddress(String email, boolean fits) {
        MtlsCredential credential = new MtlsCredential(null, null, email, null, null, null, null);

        assertThat(credential.fits(Identity.of(Certificates.mobile()))).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"CN=plain|true", "cn = plain|true", "CN=plain2|false", "CN=plain,O=x|false"})
    void knowsASubjectByItsMeaning(String subject, boolean fits) {
        assertThat(Certificates.subject(subject).fits(Identity.of(Certificates.plain())))
                .isEqualTo(fits);
    }

    @Test
    void doesNotTakeTheSubjectForADnsName() {
        assertThat(Certificates.dns("plain").fits(Identity.of(Certificates.plain())))
                .isFalse();
    }

    @Test
    void knowsTheCertificateItself() {
        String fingerprint = Identity.of(Certificates.plain()).fingerprint();
        MtlsCredential credential = new MtlsCredential(null, null, null, null, fingerprint, null, null);

        assertThat(credential.fits(Identity.of(Certificates.plain()))).isTrue();
        assertThat(credential.fits(Identity.of(Certificates.mobile()))).isFalse();
    }

    @Test
    void asksForAllThatIsGiven() {
        X509Certificate certificate = Certificates.plain();
        String issuer = certificate.getIssuerX500Principal().getName();

        assertThat(new MtlsCredential(null, null, null, "CN=plain", null, issuer, null).fits(Identity.of(certificate)))
                .isTrue();
        assertThat(new MtlsCredential(null, null, null, "CN=plain", null, "CN=Other", null)
                        .fits(Identity.of(certificate)))
                .isFalse();
        assertThat(new MtlsCredential(null, "a.example", null, "CN=plain", null, null, null)
                        .fits(Identity.of(certificate)))
                .isFalse();
    }

    @Test
    void refusesWhatCanFitNothing() {
        assertRefused("", null, null, null);
        assertRefused("subject", null, "plain", null);
        assertRefused("uri", "shop.example/orders", null, null);
        assertRefused("fingerprint", null, null, "AB:CD");
    }

    @Test
    void refusesAnIssuerAlone() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new MtlsCredential(null, null, null, null, null, "CN=CA", null))
                .withMessageContaining("(expected: uri, dns, email, subject or fingerprint)");
    }

    private static void assertRefused(
            String key, @Nullable String uri, @Nullable String subject, @Nullable String fingerprint) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new MtlsCredential(uri, null, null, subject, fingerprint, null, null))
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }
}
