package dev.sallyport.plugins.mtlsauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.mtlsauth.MtlsAuthConfig.Others;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MtlsAuthFilterTest {

    private final FakeContext context = FakeContext.builder()
            .credential(Certificates.ORDERS, Certificates.uri("spiffe://shop.example/ns/prod/orders"))
            .credential(Certificates.MOBILE, Certificates.dns("mobile.partner.example"))
            .consumer(new Consumer("guest"))
            .build();
    private FakeExchange exchange = FakeExchange.create();
    private FakeNext next = FakeNext.ok();

    /** The test's clock stands before certificates that are made now. */
    @BeforeEach
    void setClock() {
        context.clock().set(Instant.now());
    }

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void saysWhoSentTheRequest() throws Exception {
        Response response = send(Certificates.config(), Certificates.orders());

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(Certificates.ORDERS);
        assertThat(next.request().header("x-consumer-name")).isEqualTo("orders");
        assertThat(exchange.notes()).containsEntry("subject", "CN=orders").containsEntry("consumer", "orders");
    }

    @Test
    void answers401WithoutACertificate() throws Exception {
        Response response = send(Certificates.config(), null);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).isEqualTo("ClientCertificate realm=\"api\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:certificate-missing");
        assertThat(exchange.notes()).containsEntry("refused", "missing");
        assertThat(next.calls()).isZero();
    }

    @Test
    void answers401InClearText() throws Exception {
        Response response = filter(Certificates.config())
                .handle(Requests.get("/").header("client-cert", ":AA==:").build(), next);

        assertThat(response.status()).isEqualTo(401);
    }

    @Test
    void answers403ForACertificateOfNobody() throws Exception {
        Response response = send(Certificates.config(), Certificates.plain());

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.headers().has("www-authenticate")).isFalse();
        assertThat(response.body().text(1_000))
                .contains("urn:sallyport:problem:certificate-unknown")
                .doesNotContain("plain");
        assertThat(exchange.notes()).containsEntry("refused", "unknown").containsEntry("subject", "CN=plain");
        assertThat(exchange.consumer()).isNull();
        assertThat(next.calls()).isZero();
    }

    @Test
    void answers401WhereTheConnectionHasOutlivedItsCertificate() throws Exception {
        context.clock().set(Certificates.orders().getNotAfter().toInstant().plusSeconds(1));

        Response response = send(Certificates.config(), Certificates.orders());

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).startsWith("ClientCertificate");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:certificate-expired");
        assertThat(exchange.notes()).containsEntry("refused", "expired");
    }

    @Test
    void answers403WhereItIsThatOfSeveral() throws Exception {
        try (FakeContext both = FakeContext.builder()
                .credential(Certificates.ORDERS, Certificates.subject("CN=mobile"))
                .credential(Certificates.MOBILE, Certificates.dns("mobile.partner.example"))
                .build()) {
            both.clock().set(Instant.now());
            exchange = Certificates.shown(Certificates.mobile()).build();

            Response response = both.create(new MtlsAuthFactory(), Certificates.config())
                    .handle(Requests.get("/").exchange(exchange).build(), next);

            assertThat(response.status()).isEqualTo(403);
            assertThat(exchange.notes()).containsEntry("refused", "several consumers");
        }
    }

    @ParameterizedTest
    @CsvSource({"URI,403", "DNS,403", "EMAIL,403", "SUBJECT,200"})
    void namesOthersByWhatTheirCertificateHasOnce(Others others, int status) throws Exception {
        MtlsAuthConfig config = new MtlsAuthConfig(others, Map.of(), "x-consumer-name", null);

        assertThat(send(config, Certificates.plain()).status()).isEqualTo(status);
        if (status == 200) {
            assertThat(exchange.consumer()).isEqualTo(new Consumer("CN=plain"));
        }
    }

    @Test
    void aNamedOneCannotTakeTheNameOfAConsumer() throws Exception {
        try (FakeContext named =
                FakeContext.builder().consumer(new Consumer("CN=plain")).build()) {
            named.clock().set(Instant.now());
            exchange = Certificates.shown(Certificates.plain()).build();

            Response response = named.create(
                            new MtlsAuthFactory(),
                            new MtlsAuthConfig(Others.SUBJECT, Map.of(), "x-consumer-name", null))
                    .handle(Requests.get("/").exchange(exchange).build(), next);

            assertThat(response.status()).isEqualTo(403);
            assertThat(exchange.notes()).containsEntry("refused", "named as a consumer");
        }
    }

    @Test
    void tellsTheUpstreamWhatIsAskedForAndNothingForged() throws Exception {
        MtlsAuthConfig config = new MtlsAuthConfig(
                Others.REFUSE,
                Map.of(
                        "client-cert", Fact.CERTIFICATE,
                        "x-id", Fact.URI,
                        "x-subject", Fact.SUBJECT,
                        "x-dns", Fact.DNS),
                "x-consumer-name",
                null);
        exchange = Certificates.shown(Certificates.orders()).build();

        filter(config)
                .handle(
                        Requests.get("/")
                                .header("x-dns", "forged.example")
                                .header("X-Id", "forged")
                                .exchange(exchange)
                                .build(),
                        next);

        assertThat(context.ownedHeaders())
                .containsExactly("client-cert", "x-consumer-name", "x-dns", "x-id", "x-subject");
        assertThat(next.request().headers().all("x-id")).containsExactly("spiffe://shop.example/ns/prod/orders");
        assertThat(next.request().header("x-subject")).isEqualTo("CN=orders");
        assertThat(next.request().headers().has("x-dns")).isFalse();
        assertThat(next.request().header("client-cert"))
                .isEqualTo(":"
                        + Base64.getEncoder()
                                .encodeToString(Certificates.orders().getEncoded()) + ":");
    }

    @Test
    void takesARequestWithoutACertificateForTheAnonymousConsumersOnlyWhereOneIsNamed() throws Exception {
        MtlsAuthConfig config = new MtlsAuthConfig(Others.REFUSE, Map.of(), "x-consumer-name", "guest");

        assertThat(send(config, null).status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(new Consumer("guest"));
        assertThat(send(config, Certificates.plain()).status()).isEqualTo(403);
    }

    @Test
    void refusesOneCredentialOfTwoConsumers() {
        try (FakeContext twice = FakeContext.builder()
                .credential(Certificates.ORDERS, Certificates.dns("A.example"))
                .credential(Certificates.MOBILE, Certificates.dns("a.example"))
                .build()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> twice.create(new MtlsAuthFactory(), Certificates.config()))
                    .withMessageContaining("a credential of consumer mobile (expected: not also one of orders");
        }
    }

    @Test
    void warnsWhereNobodyHasACertificate() {
        try (FakeContext empty = FakeContext.create()) {
            empty.create(new MtlsAuthFactory(), Certificates.config());

            assertThat(empty.log()).singleElement().asString().startsWith("WARNING");
        }
    }

    private Filter filter(MtlsAuthConfig config) {
        return context.create(new MtlsAuthFactory(), config);
    }

    private Response send(MtlsAuthConfig config, @Nullable X509Certificate certificate) throws Exception {
        exchange = Certificates.shown(certificate).build();
        next = FakeNext.ok();
        return filter(config).handle(Requests.get("/").exchange(exchange).build(), next);
    }
}
