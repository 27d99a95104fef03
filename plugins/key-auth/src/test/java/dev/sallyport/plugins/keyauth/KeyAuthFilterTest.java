package dev.sallyport.plugins.keyauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyAuthFilterTest {

    private final FakeContext context = Keys.context().build();
    private final FakeExchange exchange = FakeExchange.create();
    private final FakeNext next = FakeNext.ok();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void saysWhoSentTheRequest() throws Exception {
        Response response = send(Keys.inHeader(), "key-of-mobile");

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(Keys.MOBILE);
        assertThat(next.request().header("x-consumer-name")).isEqualTo("mobile");
        assertThat(exchange.notes()).containsEntry("consumer", "mobile").containsEntry("keyId", "k1");
    }

    @Test
    void keepsTheKeyFromTheUpstream() throws Exception {
        send(Keys.inHeader(), "key-of-mobile");

        assertThat(next.request().headers().has("x-api-key")).isFalse();
    }

    @Test
    void forwardsTheKeyWhereAsked() throws Exception {
        send(
                new KeyAuthConfig(List.of(new KeyLocation.Header("x-api-key")), true, "x-consumer-name", null),
                "key-of-mobile");

        assertThat(next.request().header("x-api-key")).isEqualTo("key-of-mobile");
    }

    @Test
    void answers401WithoutAKey() throws Exception {
        Response response = filter(Keys.inHeader())
                .handle(Requests.get("/").exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(exchange.notes()).containsOnly(Map.entry("refused", "missing"));
        assertThat(response.header("www-authenticate")).isEqualTo("ApiKey realm=\"api\", header=\"x-api-key\"");
        assertThat(response.body().text(1_000))
                .contains("urn:sallyport:problem:api-key-missing")
                .contains("Send the key in the header x-api-key.");
        assertThat(next.calls()).isZero();
    }

    @Test
    void takesAnEmptyKeyForNone() throws Exception {
        Response response = send(Keys.inHeader(), "");

        assertThat(response.body().text(1_000)).contains("api-key-missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-of-nobody", "Key-Of-Mobile", "key-of-mobile ", "key-of-mobile,key-of-web"})
    void answers401ForAnUnknownKey(String key) throws Exception {
        Response response = send(Keys.inHeader(), key);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).startsWith("ApiKey ");
        assertThat(response.body().text(1_000))
                .contains("urn:sallyport:problem:api-key-invalid")
                .doesNotContain(key);
        assertThat(exchange.notes()).containsOnly(Map.entry("refused", "unknown"));
        assertThat(exchange.consumer()).isNull();
        assertThat(next.calls()).isZero();
    }

    @Test
    void doesNotTakeTheHashForTheKey() throws Exception {
        assertThat(send(Keys.inHeader(), KeyHash.of("key-of-mobile").hex()).status())
                .isEqualTo(401);
        assertThat(send(Keys.inHeader(), "sha256:" + KeyHash.of("key-of-mobile").hex())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void refusesMoreThanOneKeyEvenWhereOneIsRight() throws Exception {
        Response response = filter(Keys.inHeader())
                .handle(
                        Requests.get("/")
                                .header("x-api-key", "key-of-mobile")
                                .header("x-api-key", "key-of-mobile")
                                .exchange(exchange)
                                .build(),
                        next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).startsWith("ApiKey ");
        assertThat(exchange.notes()).containsOnly(Map.entry("refused", "several"));
        assertThat(response.body().text(1_000)).contains("More than one key was sent.");
    }

    @Test
    void refusesAKeyThatIsTooLong() throws Exception {
        String longKey = "k".repeat(KeyAuthFilter.LONGEST_KEY + 1);
        try (FakeContext withLongKey = FakeContext.builder()
                .credential(Keys.WEB, new KeyCredential(KeyHash.of(longKey), null, null))
                .build()) {
            Filter filter = withLongKey.create(new KeyAuthFactory(), Keys.inHeader());

            Response response =
                    filter.handle(Requests.get("/").header("x-api-key", longKey).build(), next);

            assertThat(response.status()).isEqualTo(401);
        }
    }

    @Test
    void takesAKeyUntilTheDayOnWhichItExpires() throws Exception {
        context.clock().set(Instant.parse("2026-02-28T23:59:59.999Z"));
        Response before = send(Keys.inHeader(), "expiring-key");
        context.clock().set(Instant.parse("2026-03-01T00:00:00Z"));
        Response after = send(Keys.inHeader(), "expiring-key");

        assertThat(before.status()).isEqualTo(200);
        assertThat(after.status()).isEqualTo(401);
        assertThat(after.body().text(1_000)).contains("api-key-expired");
        assertThat(exchange.notes()).containsEntry("keyId", "k3").containsEntry("refused", "expired");
    }

    @Test
    void findsTheKeyInTheQueryAndTakesItOut() throws Exception {
        Filter filter = filter(Keys.in(new KeyLocation.Query("key")));

        Response response = filter.handle(Requests.get("/a?x=1&key=key-of-web").build(), next);

        assertThat(response.status()).isEqualTo(200);
        assertThat(next.request().target()).hasToString("/a?x=1");
    }

    @Test
    void looksNowhereElse() throws Exception {
        Filter filter = filter(Keys.in(new KeyLocation.Cookie("key")));

        Response response = filter.handle(
                Requests.get("/a?key=key-of-web").header("key", "key-of-web").build(), next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).isEqualTo("ApiKey realm=\"api\", cookie=\"key\"");
    }

    @Test
    void looksInEachOfSeveralPlacesAndStripsThemAll() throws Exception {
        Filter filter = filter(Keys.in(
                new KeyLocation.Header("x-api-key"), new KeyLocation.Query("key"), new KeyLocation.Cookie("key")));

        Response byQuery = filter.handle(
                Requests.get("/a?key=key-of-web").header("x-api-key", "").build(), next);
        Response byCookie = filter.handle(
                Requests.get("/a").header("cookie", "key=key-of-web").build(), FakeNext.ok());
        Response none = filter.handle(Requests.get("/a").build(), FakeNext.ok());

        assertThat(byQuery.status()).isEqualTo(401); // an empty key beside one is two
        assertThat(byCookie.status()).isEqualTo(200);
        assertThat(none.headers().all("www-authenticate"))
                .containsExactly(
                        "ApiKey realm=\"api\", header=\"x-api-key\"",
                        "ApiKey realm=\"api\", query=\"key\"",
                        "ApiKey realm=\"api\", cookie=\"key\"");
        assertThat(none.body().text(1_000))
                .contains("Send the key in the header x-api-key or the query key or the cookie key.");
    }

    @Test
    void refusesKeysInTwoPlaces() throws Exception {
        Filter filter = filter(Keys.in(new KeyLocation.Header("x-api-key"), new KeyLocation.Query("key")));

        Response response = filter.handle(
                Requests.get("/a?key=key-of-web")
                        .header("x-api-key", "key-of-web")
                        .build(),
                next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body().text(1_000)).contains("More than one key was sent.");
    }

    @Test
    void takesTwoLiveKeysOfOneConsumer() throws Exception {
        assertThat(send(Keys.inHeader(), "key-of-web").status()).isEqualTo(200);
        assertThat(send(Keys.inHeader(), "expiring-key").status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(Keys.WEB);
        assertThat(exchange.notes()).containsEntry("keyId", "k3");
    }

    @Test
    void namesAWithdrawnKeyByItsFront() throws Exception {
        send(Keys.inHeader(), "sp_k7_" + "R".repeat(43));

        assertThat(exchange.notes())
                .containsEntry("refused", "unknown")
                .containsEntry("claimedKeyId", "k7")
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sp_k7_short",
                "sp__RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR",
                "sp_<b>_RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR"
            })
    void doesNotNameWhatHasAnotherForm(String key) throws Exception {
        send(Keys.inHeader(), key);

        assertThat(exchange.notes()).containsOnlyKeys("refused");
    }

    @Test
    void takesARequestWithoutAKeyForTheAnonymousConsumersOnlyWhereOneIsNamed() throws Exception {
        Consumer guest = new Consumer("guest", List.of("public"), Map.of());
        KeyAuthConfig config =
                new KeyAuthConfig(List.of(new KeyLocation.Header("x-api-key")), false, "x-consumer-name", "guest");
        try (FakeContext withGuest = Keys.context().consumer(guest).build()) {
            Filter filter = withGuest.create(new KeyAuthFactory(), config);

            Response none = filter.handle(Requests.get("/").exchange(exchange).build(), next);
            Response wrong =
                    filter.handle(Requests.get("/").header("x-api-key", "wrong").build(), FakeNext.ok());

            assertThat(none.status()).isEqualTo(200);
            assertThat(exchange.consumer()).isEqualTo(guest);
            assertThat(exchange.notes()).containsEntry("anonymous", true).containsEntry("consumer", "guest");
            assertThat(next.request().header("x-consumer-name")).isEqualTo("guest");
            assertThat(wrong.status()).isEqualTo(401);
        }
    }

    @Test
    void refusesAnAnonymousConsumerThatIsNotThere() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> filter(new KeyAuthConfig(
                        List.of(new KeyLocation.Header("x-api-key")), false, "x-consumer-name", "guest")))
                .returns("anonymous", ConfigException::key)
                .withMessageContaining("guest (expected: the name of a consumer)");
    }

    @Test
    void ownsTheConsumerHeaderAndReplacesAForgedOne() throws Exception {
        Filter filter = filter(Keys.inHeader());

        filter.handle(
                Requests.get("/")
                        .header("x-api-key", "key-of-web")
                        .header("X-Consumer-Name", "mobile")
                        .header("x-consumer-name", "admin")
                        .build(),
                next);

        assertThat(context.ownedHeaders()).containsExactly("x-consumer-name");
        assertThat(next.request().headers().all("x-consumer-name")).containsExactly("web");
    }

    @Test
    void tellsTheUpstreamNothingWhereAsked() throws Exception {
        send(new KeyAuthConfig(List.of(new KeyLocation.Header("x-api-key")), false, "none", null), "key-of-web");

        assertThat(context.ownedHeaders()).isEmpty();
        assertThat(next.request().headers().names()).containsExactly("host");
    }

    @Test
    void neverShowsAKey() throws Exception {
        send(Keys.inHeader(), "key-of-mobile");
        send(Keys.inHeader(), "key-of-nobody");
        send(Keys.inHeader(), "expiring-key");

        assertThat(exchange.notes().toString() + context.log())
                .doesNotContain("key-of-mobile", "key-of-nobody", "expiring-key")
                .doesNotContain(KeyHash.of("key-of-mobile").hex());
    }

    @Test
    void refusesOneKeyForTwoConsumers() {
        try (FakeContext same = Keys.context()
                .credential(Keys.WEB, new KeyCredential(KeyHash.of("key-of-mobile"), null, null))
                .build()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> same.create(new KeyAuthFactory(), Keys.inHeader()))
                    .withMessageContaining("of consumer web (expected: not also a key of mobile");
        }
    }

    @Test
    void refusesAConsumerWhoseNameNoHeaderCanTell() {
        try (FakeContext odd = FakeContext.builder()
                .credential(new Consumer("小"), new KeyCredential(KeyHash.of("k"), null, null))
                .build()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> odd.create(new KeyAuthFactory(), Keys.inHeader()))
                    .returns("consumerHeader", ConfigException::key);
        }
    }

    @Test
    void warnsWhereNobodyHasAKey() {
        try (FakeContext empty = FakeContext.create()) {
            empty.create(new KeyAuthFactory(), Keys.inHeader());

            assertThat(empty.log())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING")
                    .contains("no consumer has");
        }
    }

    private Filter filter(KeyAuthConfig config) {
        return context.create(new KeyAuthFactory(), config);
    }

    private Response send(KeyAuthConfig config, String key) throws Exception {
        FakeNext each = exchange.notes().isEmpty() ? next : FakeNext.ok();
        return filter(config)
                .handle(
                        Requests.get("/")
                                .header("x-api-key", key)
                                .exchange(exchange)
                                .build(),
                        each);
    }
}
