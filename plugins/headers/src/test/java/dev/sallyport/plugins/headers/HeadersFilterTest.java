package dev.sallyport.plugins.headers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class HeadersFilterTest {

    @Test
    void setsInThePlaceOfAllOfTheName() throws Exception {
        Request passed =
                pass(set("X-A", "new"), Requests.get("/").header("x-a", "1").header("x-A", "2"));

        assertThat(passed.headers().all("x-a")).containsExactly("new");
    }

    @Test
    void addsBesideThoseOfTheName() throws Exception {
        Changes add = new Changes(null, List.of(), Map.of(), Map.of(), Map.of(), values("x-a", "2"));

        assertThat(pass(add, Requests.get("/").header("x-a", "1")).headers().all("x-a"))
                .containsExactly("1", "2");
    }

    @Test
    void setsIfAbsentOnlyWhereNoneIsThere() throws Exception {
        Changes changes = new Changes(null, List.of(), Map.of(), Map.of(), values("x-a", "2"), Map.of());

        assertThat(pass(changes, Requests.get("/").header("X-A", "1")).headers().all("x-a"))
                .containsExactly("1");
        assertThat(pass(changes, Requests.get("/")).headers().all("x-a")).containsExactly("2");
    }

    @Test
    void removesByNameAndByBeginning() throws Exception {
        Request passed = pass(
                remove("x-secret", "x-int-*", "h*"),
                Requests.get("/")
                        .header("X-Secret", "1")
                        .header("X-Int-A", "1")
                        .header("x-int-b", "2")
                        .header("x-in", "3"));

        assertThat(passed.headers().names()).containsExactly("host", "x-in");
    }

    @Test
    void renamesAndReplacesWhatHasTheNewName() throws Exception {
        Changes rename = new Changes(null, List.of(), Map.of("x-old", "X-New"), Map.of(), Map.of(), Map.of());

        Request passed = pass(
                rename,
                Requests.get("/").header("x-new", "forged").header("X-Old", "1").header("x-old", "2"));

        assertThat(passed.headers().all("x-new")).containsExactly("1", "2");
        assertThat(passed.headers().has("x-old")).isFalse();
        assertThat(pass(rename, Requests.get("/").header("x-new", "kept")).header("x-new"))
                .isEqualTo("kept");
    }

    @Test
    void removesThenRenamesThenSetsThenAdds() throws Exception {
        Changes all = new Changes(
                null,
                List.of(NamePattern.parse("x-a")),
                Map.of("x-b", "x-a"),
                values("x-c", "set"),
                values("x-c", "ignored"),
                values("x-c", "added"));

        Request passed = pass(all, Requests.get("/").header("x-a", "old").header("x-b", "renamed"));

        assertThat(passed.headers().all("x-a")).containsExactly("renamed");
        assertThat(passed.headers().all("x-c")).containsExactly("set", "added");
    }

    @Test
    void putsValuesOfTheRequestIn() throws Exception {
        FakeExchange exchange = FakeExchange.builder()
                .client("203.0.113.9")
                .consumer(new Consumer("mobile"))
                .parameter("id", "7")
                .build();

        Request passed = pass(
                set("x-all", "{{{consumer}}} at {client.address}, order {path.id}"),
                Requests.get("/").exchange(exchange));

        assertThat(passed.header("x-all")).isEqualTo("{mobile} at 203.0.113.9, order 7");
    }

    @Test
    void withoutAValueAFieldOfTheClientIsRemovedToo() throws Exception {
        Request passed = pass(set("x-user", "{consumer}"), Requests.get("/").header("X-User", "forged"));

        assertThat(passed.headers().has("x-user")).isFalse();
    }

    @Test
    void aValueCannotEndTheField() throws Exception {
        FakeExchange exchange = FakeExchange.builder()
                .parameter("id", "1\r\nx-admin: yes\u0000\u0085é😀")
                .build();

        Request passed = pass(set("x-id", "{path.id}"), Requests.get("/").exchange(exchange));

        assertThat(passed.header("x-id")).isEqualTo("1%0D%0Ax-admin: yes%00%C2%85%C3%A9%F0%9F%98%80");
        assertThat(passed.headers().has("x-admin")).isFalse();
    }

    @Test
    void changesTheResponseByTheRequestThatItGot() throws Exception {
        HeadersFilter filter = new HeadersFilter(new HeadersConfig(
                remove("x-tag"),
                new Changes(
                        null,
                        List.of(NamePattern.parse("server")),
                        Map.of(),
                        values("x-tag", "{header.x-tag}"),
                        Map.of(),
                        Map.of())));
        FakeNext next = FakeNext.answering(Response.of(200).withHeader("Server", "x/1"));

        Response response =
                filter.handle(Requests.get("/").header("x-tag", "abc").build(), next);

        assertThat(response.headers()).isEqualTo(Headers.of("x-tag", "abc"));
        assertThat(next.request().headers().has("x-tag")).isFalse();
    }

    @Test
    void putsValuesOfTheResponseIn() throws Exception {
        Changes changes = new Changes(
                null,
                List.of(),
                Map.of(),
                values("location", "{response.header.location.replace('http://', 'https://')}"),
                Map.of(),
                values("x-told", "{response.status} {header.x-tag}"));
        Response answer = Response.of(302).withHeader("Location", "http://a.example/");

        Response changed = respond(answer, changes);

        assertThat(changed.header("location")).isEqualTo("https://a.example/");
        assertThat(changed.header("x-told")).isEqualTo("302 abc");
    }

    @Test
    void changesOnlyWhereTheConditionHolds() throws Exception {
        Changes failed = new Changes(
                ChangeCondition.parse("response.status >= 500 && !has(response.header.retry-after)"),
                List.of(),
                Map.of(),
                values("retry-after", "5"),
                Map.of(),
                Map.of());

        assertThat(respond(Response.of(503), failed).headers()).isEqualTo(Headers.of("retry-after", "5"));
        assertThat(respond(Response.of(200), failed).headers()).isEqualTo(Headers.empty());
        assertThat(respond(Response.of(503).withHeader("Retry-After", "9"), failed)
                        .header("retry-after"))
                .isEqualTo("9");
    }

    @Test
    void judgesTheRequestAsItCame() throws Exception {
        Changes partners = new Changes(
                ChangeCondition.parse("'partners' in consumer.groups && header.x-tag == 'a'"),
                List.of(),
                Map.of(),
                values("x-partner", "{consumer}"),
                Map.of(),
                Map.of());
        FakeExchange exchange = FakeExchange.builder()
                .consumer(new Consumer("ada", List.of("partners"), Map.of()))
                .build();

        assertThat(pass(partners, Requests.get("/").header("x-tag", "a").exchange(exchange))
                        .header("x-partner"))
                .isEqualTo("ada");
        assertThat(pass(partners, Requests.get("/").header("x-tag", "a"))
                        .headers()
                        .has("x-partner"))
                .isFalse();
    }

    private static Response respond(Response answer, Changes changes) throws Exception {
        return new HeadersFilter(new HeadersConfig(null, changes))
                .handle(Requests.get("/").header("x-tag", "abc").build(), FakeNext.answering(answer));
    }

    @Test
    void keepsTheProblemOfAnErrorAnswer() throws Exception {
        Request request = Requests.get("/").build();
        HeadersFilter filter = new HeadersFilter(new HeadersConfig(null, set("x-a", "1")));

        Response response = filter.handle(
                request, FakeNext.answering(new Problem(429, "rate-limited", "Too many").toResponse(request)));

        assertThat(Objects.requireNonNull(response.problem()).status()).isEqualTo(429);
        assertThat(response.header("x-a")).isEqualTo("1");
    }

    @Test
    void passesAHeadOnAsItCameWhereNothingIsToBeDone() throws Exception {
        Request request = Requests.get("/").build();
        FakeNext next = FakeNext.ok();

        new HeadersFilter(new HeadersConfig(remove("x-a"), null)).handle(request, next);

        assertThat(next.request()).isSameAs(request);
    }

    private static Request pass(Changes changes, Requests.Builder request) throws Exception {
        FakeNext next = FakeNext.ok();
        new HeadersFilter(new HeadersConfig(changes, null)).handle(request.build(), next);
        return next.request();
    }

    private static Changes set(String name, String value) {
        return new Changes(null, List.of(), Map.of(), values(name, value), Map.of(), Map.of());
    }

    private static Changes remove(String... names) {
        return new Changes(
                null, List.of(names).stream().map(NamePattern::parse).toList(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    private static Map<String, HeaderValue> values(String name, String value) {
        Map<String, HeaderValue> values = new LinkedHashMap<>();
        values.put(name, HeaderValue.parse(value));
        return values;
    }
}
