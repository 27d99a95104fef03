package dev.sallyport.plugins.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.Body;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.LogMask;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.mask.MaskConfig.Rule;
import dev.sallyport.plugins.mask.MaskConfig.Where;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import dev.sallyport.testkit.TrackedBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class MaskFilterTest {

    private static final String CARD = "4111 1111 1111 1111";

    private static Filter filter(Rule... rules) {
        return new MaskFactory().create(Rules.config(rules), FakeContext.create());
    }

    private static Request passed(Filter filter, Request request) throws Exception {
        FakeNext next = FakeNext.answering(_ -> Response.of(204));
        filter.handle(request, next);
        return next.requests().getFirst();
    }

    private static Response answered(Filter filter, Response upstream) throws Exception {
        return filter.handle(Requests.get("/").build(), FakeNext.answering(_ -> upstream));
    }

    private static Request post(String type, Body body) {
        return Requests.of("POST", "/a").header("Content-Type", type).body(body).build();
    }

    private static String text(Body body) throws IOException {
        try (body) {
            return body.text(10_000_000);
        }
    }

    @Test
    void hidesHeaderFieldsAndParameters() throws Exception {
        Filter filter = filter(
                Rules.headers(new Style.Last(4), "X-Card"),
                Rules.query(Rules.STARS, "token"),
                Rules.query(new Style.Remove(), "pin"));

        Request passed = passed(
                filter,
                Requests.get("/a?Token=abc&pin=1&x=%20y")
                        .header("x-card", CARD)
                        .header("x-other", CARD)
                        .build());

        assertThat(passed.target()).hasToString("/a?Token=***&x=%20y");
        assertThat(passed.header("x-card")).isEqualTo("**** **** **** 1111");
        assertThat(passed.header("x-other")).isEqualTo(CARD);
        assertThat(answered(filter, Response.of(200, Headers.of("x-card", CARD), Body.empty()))
                        .header("x-card"))
                .isEqualTo("**** **** **** 1111");
    }

    @Test
    void hidesInJsonFormsAndText() throws Exception {
        Filter filter = filter(Rules.names(Rules.STARS, "password"), Rules.patterns(Rules.STARS, KnownPattern.CARD));

        assertThat(text(passed(
                                filter,
                                post("application/json", TrackedBody.of("{\"password\":\"a\",\"b\":\"" + CARD + "\"}")))
                        .body()))
                .isEqualTo("{\"password\":\"***\",\"b\":\"***\"}");
        assertThat(text(passed(
                                filter,
                                post(
                                        "application/x-www-form-urlencoded",
                                        TrackedBody.of("a=%C3%A9+x&Password=p&c=4111+1111+1111+1111&&d")))
                        .body()))
                .isEqualTo("a=%C3%A9+x&Password=***&c=***&&d");
        assertThat(text(passed(filter, post("text/plain", TrackedBody.of("pay " + CARD)))
                        .body()))
                .isEqualTo("pay ***");
    }

    @Test
    void leavesOtherTypesUnread() throws Exception {
        Filter filter = filter(Rules.patterns(Rules.STARS, KnownPattern.CARD));
        TrackedBody body = TrackedBody.of(CARD);

        assertThat(passed(filter, post("application/pdf", body)).body()).isSameAs(body);
        assertThat(body.isUntouched()).isTrue();
    }

    @Test
    void takesCodingsOffAndRefusesOthers() throws Exception {
        Filter filter = filter(Rules.patterns(Rules.STARS, KnownPattern.CARD));
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(coded)) {
            out.write(CARD.getBytes(StandardCharsets.UTF_8));
        }
        Headers headers = Headers.of("Content-Type", "text/html", "Content-Encoding", "gzip");

        Response response = answered(filter, Response.of(200, headers, TrackedBody.of(coded.toByteArray())));

        assertThat(text(response.body())).isEqualTo("***");
        assertThat(response.headers().has("content-encoding")).isFalse();
        assertThat(answered(filter, Response.of(200, headers.with("Content-Encoding", "br"), TrackedBody.of("x")))
                        .status())
                .isEqualTo(502);
    }

    @Test
    void passesEventsOnAtTheEndOfEachLine() throws Exception {
        Filter filter = filter(Rules.patterns(Rules.STARS, KnownPattern.CARD));
        try (PipedOutputStream upstream = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(upstream)) {
            Response response = answered(
                    filter, Response.of(200, Headers.of("Content-Type", "text/event-stream"), Body.of(in, -1)));
            InputStream changed = response.body().open();

            upstream.write(("data: " + CARD + "\n\n").getBytes(StandardCharsets.UTF_8));
            upstream.flush();

            byte[] event = new byte[100];
            assertThat(new String(event, 0, changed.read(event), StandardCharsets.UTF_8))
                    .isEqualTo("data: ***\n\n");
        }
    }

    @Test
    void hidesInLogsWithoutChangingWhatPasses() throws Exception {
        Filter filter = filter(
                Rules.in(Where.LOGS, Rules.patterns(Rules.STARS, KnownPattern.EMAIL)),
                Rules.in(Where.LOGS, Rules.headers(new Style.Text("hidden"), "x-user")),
                Rules.in(Where.LOGS, Rules.query(new Style.Remove(), "pin")));
        FakeExchange exchange = FakeExchange.create();
        TrackedBody body = TrackedBody.of("a@b.example");
        Request request = Requests.of("POST", "/users/a%40b.example/x?pin=1&to=a%40b.example&z=1")
                .header("content-type", "text/plain")
                .header("x-user", "u")
                .body(body)
                .exchange(exchange)
                .build();

        Request passed = passed(filter, request);

        assertThat(passed).isSameAs(request);
        LogMask logs = Objects.requireNonNull(exchange.get(LogMask.OF_EXCHANGE));
        assertThat(logs.path(request.path())).isEqualTo("/users/***/x");
        assertThat(logs.query(Objects.requireNonNull(request.target().query()))).isEqualTo("to=***&z=1");
        assertThat(logs.header("X-User", "u")).isEqualTo("hidden");
        assertThat(logs.header("user-agent", "bot (a@b.example)")).isEqualTo("bot (***)");
        assertThat(logs.then(logs).header("x-user", "u")).isEqualTo("hidden");
    }

    @Test
    void countsWhatItHides() throws Exception {
        FakeContext context = FakeContext.create();
        Filter filter = new MaskFactory()
                .create(
                        Rules.config(
                                Rules.names(Rules.STARS, "password"), Rules.patterns(Rules.STARS, KnownPattern.CARD)),
                        context);

        FakeExchange exchange = FakeExchange.create();
        passed(
                filter,
                Requests.of("POST", "/")
                        .header("Content-Type", "application/json")
                        .body(Body.of("{\"password\":\"a\",\"b\":[\"" + CARD + "\",4111111111111111]}"))
                        .exchange(exchange)
                        .build());

        assertThat(exchange.notes()).isEqualTo(Map.of("hidden", 3));
        assertThat(context.metrics())
                .singleElement()
                .satisfies(metric -> assertThat(metric.getLongSumData().getPoints())
                        .extracting(point -> point.getAttributes() + ": " + point.getValue())
                        .containsExactlyInAnyOrder(
                                "{what=\"field\", where=\"request\"}: 1", "{what=\"card\", where=\"request\"}: 2"));
    }

    @Test
    void saysHowManyWithoutSayingWhat() throws Exception {
        Filter filter = filter(Rules.in(Where.REQUEST, Rules.patterns(Rules.STARS, KnownPattern.CARD)));

        Explanation told = filter.explain(post("text/plain", Body.of(CARD + ", " + CARD)));

        assertThat(told.text()).isEqualTo("hides 2 in the request");
    }

    @Test
    void refusesRulesThatHideNothing() {
        assertThatThrownBy(Rules::config).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Rules.names(Rules.STARS)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Rules.fields(Rules.STARS, "a")).hasMessageContaining("write /a");
        assertThatThrownBy(() -> Rules.regexes(Rules.STARS, "a+")).hasMessageContaining("{1,64}");
        assertThatThrownBy(() -> Rules.names(new Style.Text("ä"), "a")).hasMessageContaining("ASCII");
        assertThat(List.of(Where.values())).hasSize(3);
    }
}
