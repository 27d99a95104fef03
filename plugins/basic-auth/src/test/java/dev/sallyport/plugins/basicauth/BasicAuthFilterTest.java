package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BasicAuthFilterTest {

    private final FakeContext context = Logins.context().build();
    private final FakeExchange exchange = FakeExchange.create();
    private final FakeNext next = FakeNext.ok();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void saysWhoSentTheRequestAndKeepsThePasswordFromTheUpstream() throws Exception {
        Response response = send(Logins.header("anna", "right"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(Logins.ANNA);
        assertThat(next.request().header("x-consumer-name")).isEqualTo("anna");
        assertThat(next.request().headers().has("authorization")).isFalse();
        assertThat(exchange.notes()).containsEntry("consumer", "anna").containsEntry("user", "anna");
    }

    @Test
    void takesPasswordsInUtf8AndWithColons() throws Exception {
        assertThat(send(Logins.header("job", "pässword:1")).status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(Logins.BACKUP);
    }

    @ParameterizedTest
    @CsvSource({"basic", "BASIC", "Basic  "})
    void takesTheSchemeInAnyCase(String scheme) throws Exception {
        String header = Logins.header("anna", "right").replace("Basic", scheme);

        assertThat(send(header).status()).isEqualTo(200);
    }

    @Test
    void forwardsThePasswordWhereAsked() throws Exception {
        BasicAuthConfig config = new BasicAuthConfig(null, "api", Duration.ofMinutes(1), true, "none", null);

        filter(config)
                .handle(
                        Requests.get("/")
                                .header("authorization", Logins.header("anna", "right"))
                                .build(),
                        next);

        assertThat(next.request().header("authorization")).isEqualTo(Logins.header("anna", "right"));
        assertThat(context.ownedHeaders()).isEmpty();
    }

    @Test
    void answers401AndAsksForAPasswordWithoutOne() throws Exception {
        Response response = filter(Logins.config())
                .handle(Requests.get("/").exchange(exchange).build(), next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).isEqualTo("Basic realm=\"api\", charset=\"UTF-8\"");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:login-missing");
        assertThat(exchange.notes()).containsEntry("refused", "missing").hasSize(1);
        assertThat(next.calls()).isZero();
    }

    @Test
    void takesAnotherSchemeForNoPassword() throws Exception {
        assertThat(send("Bearer abc").body().text(1_000)).contains("login-missing");
        assertThat(send("Basics abc").body().text(1_000)).contains("login-missing");
        assertThat(send("Basic").body().text(1_000)).contains("login-missing");
    }

    @ParameterizedTest
    @CsvSource({
        "anna,wrong,wrong,1",
        "anna,'',wrong,1",
        "anna,'right ',wrong,1",
        "anna,Right,wrong,1",
        "Anna,right,wrong,0",
        "nobody,right,wrong,0",
        "'',right,wrong,0",
        "job,right,wrong,1"
    })
    void answers401ForAnotherNameOrPassword(String user, String password, String why, int named) throws Exception {
        Response response = send(Logins.header(user, password));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("www-authenticate")).startsWith("Basic realm=");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:login-invalid");
        assertThat(exchange.consumer()).isNull();
        assertThat(exchange.notes()).containsEntry("refused", why).hasSize(1 + named);
        assertThat(next.calls()).isZero();
    }

    @Test
    void answersForAnUnknownUserWhatItAnswersForAWrongPassword() throws Exception {
        Response unknown = filter(Logins.config()).handle(withLogin("nobody", "x"), next);
        Response wrong = filter(Logins.config()).handle(withLogin("anna", "x"), next);

        assertThat(unknown.body().text(1_000)).isEqualTo(wrong.body().text(1_000));
        assertThat(unknown.headers()).isEqualTo(wrong.headers());
    }

    @ParameterizedTest
    @CsvSource({
        "not base64,Basic !!!",
        "no colon,Basic YW5uYQ==",
        "control character,Basic YW5uYTpyaQBnaHQ=",
        "not UTF-8,Basic YW5uYTr/",
    })
    void answers401ForWhatIsNoLogin(String why, String header) throws Exception {
        Response response = send(header);

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.body().text(1_000)).contains("login-invalid");
        assertThat(exchange.notes()).containsEntry("refused", why);
    }

    @Test
    void answers401ForALoginThatIsTooLong() throws Exception {
        send(Logins.header("anna", "r".repeat(Login.LONGEST)));

        assertThat(exchange.notes()).containsEntry("refused", "too long");
    }

    @Test
    void refusesMoreThanOneAuthorizationEvenWhereOneIsRight() throws Exception {
        Response response = filter(Logins.config())
                .handle(
                        Requests.get("/")
                                .header("authorization", Logins.header("anna", "right"))
                                .header("authorization", "Bearer x")
                                .exchange(exchange)
                                .build(),
                        next);

        assertThat(response.status()).isEqualTo(401);
        assertThat(exchange.notes()).containsEntry("refused", "several");
    }

    @Test
    void takesARequestWithoutAPasswordForTheAnonymousConsumersOnlyWhereOneIsNamed() throws Exception {
        try (FakeContext withGuest =
                Logins.context().consumer(new Consumer("guest")).build()) {
            Filter filter = withGuest.create(new BasicAuthFactory(), Logins.config(null, "guest"));

            Response none = filter.handle(Requests.get("/").exchange(exchange).build(), next);
            Response wrong = filter.handle(withLogin("anna", "wrong"), FakeNext.ok());

            assertThat(none.status()).isEqualTo(200);
            assertThat(next.request().header("x-consumer-name")).isEqualTo("guest");
            assertThat(wrong.status()).isEqualTo(401);
        }
    }

    @Test
    void leavesTheCallerWhomAnEarlierStepHasNamed() throws Exception {
        try (FakeContext withGuest =
                Logins.context().consumer(new Consumer("guest")).build()) {
            exchange.authenticated(new Consumer("mobile"));

            withGuest
                    .create(new BasicAuthFactory(), Logins.config(null, "guest"))
                    .handle(Requests.get("/").exchange(exchange).build(), next);

            assertThat(exchange.consumer()).isEqualTo(new Consumer("mobile"));
        }
    }

    @Test
    void refusesOneUserOfTwoConsumers() {
        try (FakeContext twice = Logins.context()
                .credential(Logins.BACKUP, new BasicCredential("anna", Logins.bcrypt("x"), null))
                .build()) {
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> twice.create(new BasicAuthFactory(), Logins.config()))
                    .withMessageContaining("user anna of consumer backup (expected: not also a user of anna)");
        }
    }

    @Test
    void refusesEveryPasswordWhereThereAreNoUsersAndSaysSo() throws Exception {
        try (FakeContext empty = FakeContext.create()) {
            Filter filter = empty.create(new BasicAuthFactory(), Logins.config());

            assertThat(filter.handle(withLogin("anna", "right"), next).status()).isEqualTo(401);
            assertThat(empty.log())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING")
                    .contains("there are no users");
        }
    }

    @Test
    void neverShowsAPassword() throws Exception {
        send(Logins.header("anna", "right"));
        send(Logins.header("anna", "secret-guess"));
        send(Logins.header("secret-name", "right"));

        assertThat(exchange.notes() + " " + context.log()).doesNotContain("right", "secret", "$2y");
    }

    private record Answered(Response response, FakeExchange exchange) {}

    /** The threads for hashing are taken, so all wait, but for the one that is too many. */
    @Test
    void answers503WhereTooManyPasswordsAreBeingChecked() throws Exception {
        Filter filter = filter(Logins.config());
        CountDownLatch taken = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionService<Answered> answers = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < 2; i++) {
                threads.execute(() -> hold(taken, release));
            }
            taken.await();
            for (int i = 0; i <= Passwords.MOST_WAITING; i++) {
                String login = Logins.header("anna", "wrong " + i);
                answers.submit(() -> {
                    FakeExchange own = FakeExchange.create();
                    Request request = Requests.get("/")
                            .header("authorization", login)
                            .exchange(own)
                            .build();
                    return new Answered(filter.handle(request, FakeNext.ok()), own);
                });
            }
            Answered first = answers.take().get();
            release.countDown();

            assertThat(first.response().status()).isEqualTo(503);
            assertThat(first.response().header("retry-after")).isEqualTo("1");
            assertThat(first.response().headers().has("www-authenticate")).isFalse();
            assertThat(first.response().body().text(1_000)).contains("urn:sallyport:problem:login-busy");
            assertThat(first.exchange().notes()).containsOnly(Map.entry("refused", "busy"));
        }
    }

    private void hold(CountDownLatch taken, CountDownLatch release) {
        try {
            context.cpu(() -> {
                taken.countDown();
                release.await();
                return true;
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Filter filter(BasicAuthConfig config) {
        return context.create(new BasicAuthFactory(), config);
    }

    private static Request withLogin(String user, String password) {
        return Requests.get("/")
                .header("authorization", Logins.header(user, password))
                .build();
    }

    private Response send(String authorization) throws Exception {
        return filter(Logins.config())
                .handle(
                        Requests.get("/")
                                .header("authorization", authorization)
                                .exchange(exchange)
                                .build(),
                        next.calls() == 0 ? next : FakeNext.ok());
    }

    @Test
    void takesAWholePasswordAlone() throws Exception {
        byte[] cut = "anna:righ".getBytes(StandardCharsets.UTF_8);

        assertThat(send(Logins.encoded(cut)).status()).isEqualTo(401);
    }
}
