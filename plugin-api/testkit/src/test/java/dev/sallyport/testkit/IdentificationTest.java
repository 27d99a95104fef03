package dev.sallyport.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Filter;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.FilterFactory;
import dev.sallyport.api.Identification;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IdentificationTest {

    private static final Consumer GUEST = new Consumer("guest");

    private final FakeContext context = FakeContext.builder().consumer(GUEST).build();
    private final FakeExchange exchange = FakeExchange.create();
    private final FakeNext next = FakeNext.ok();

    /** Knows whoever sends {@code x-name}. */
    record Named(String consumerHeader, @Nullable String anonymous) {}

    private static Filter create(Named config, FilterContext context) {
        Identification identification = Identification.of(context, config.consumerHeader(), config.anonymous());
        return (request, next) -> {
            String sent = request.header("x-name");
            String name = "odd".equals(sent) ? "小" : sent;
            if (name != null) {
                return identification.proceed(request, new Consumer(name), next);
            }
            Response passed = identification.proceedWithout(request, next);
            return passed != null ? passed : Response.of(401);
        };
    }

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void namesTheCallerToLaterStepsAndTheUpstream() throws Exception {
        send(new Named("x-consumer", null), "ada");

        assertThat(exchange.consumer()).isEqualTo(new Consumer("ada"));
        assertThat(next.request().headers().all("x-consumer")).containsExactly("ada");
        assertThat(exchange.notes()).containsEntry("consumer", "ada");
        assertThat(context.ownedHeaders()).containsExactly("x-consumer");
    }

    @Test
    void leavesOutANameThatNoHeaderCanTell() throws Exception {
        send(new Named("x-consumer", null), "odd");

        assertThat(exchange.consumer()).isEqualTo(new Consumer("小"));
        assertThat(next.request().headers().has("x-consumer")).isFalse();
    }

    @Test
    void setsNoHeaderWhereNoneIsWanted() throws Exception {
        send(new Named("none", null), "ada");

        assertThat(context.ownedHeaders()).isEmpty();
        assertThat(next.request().headers().names()).containsExactly("host", "x-name");
    }

    @Test
    void passesNobodyOnUnlessItIsSaidWhoThatIs() throws Exception {
        assertThat(send(new Named("x-consumer", null), null).status()).isEqualTo(401);
        assertThat(exchange.consumer()).isNull();

        assertThat(send(new Named("x-consumer", "guest"), null).status()).isEqualTo(200);
        assertThat(exchange.consumer()).isEqualTo(GUEST);
        assertThat(exchange.notes()).containsEntry("anonymous", true).containsEntry("consumer", "guest");
        assertThat(next.request().header("x-consumer")).isEqualTo("guest");
    }

    @Test
    void leavesWhomAnEarlierStepHasNamed() throws Exception {
        exchange.authenticated(new Consumer("ada", List.of("g"), Map.of()));

        send(new Named("x-consumer", "guest"), null);

        assertThat(exchange.consumer()).isEqualTo(new Consumer("ada", List.of("g"), Map.of()));
        assertThat(next.calls()).isEqualTo(1);
    }

    @Test
    void refusesWhatCannotWork() {
        assertRefused("consumerHeader", "x consumer", null);
        assertRefused("consumerHeader", "", null);
        assertRefused("anonymous", "x-consumer", "nobody");
    }

    private void assertRefused(String key, String header, @Nullable String anonymous) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> send(new Named(header, anonymous), null))
                .returns(key, ConfigException::key)
                .withMessageContaining("(expected: ");
    }

    private Response send(Named config, @Nullable String name) throws Exception {
        FilterFactory<Named> factory = IdentificationTest::create;
        Requests.Builder request = Requests.get("/").exchange(exchange);
        if (name != null) {
            request.header("x-name", name);
        }
        return context.create(factory, config).handle(request.build(), next);
    }
}
