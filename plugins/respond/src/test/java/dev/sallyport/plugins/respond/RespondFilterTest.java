package dev.sallyport.plugins.respond;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RespondFilterTest {

    @Test
    void answersATextWithoutCallingNext() throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = answer(new RespondConfig(503, Map.of("Retry-After", "60"), "closed", Map.of()), next);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers())
                .isEqualTo(Headers.of("Retry-After", "60", "content-type", "text/plain; charset=utf-8"));
        assertThat(response.body().text(100)).isEqualTo("closed");
        assertThat(next.calls()).isZero();
    }

    @Test
    void answersJson() throws Exception {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("status", "ok");
        json.put("nodes", List.of(1, Map.of("name", "a\nb")));

        Response response = answer(new RespondConfig(200, Map.of(), null, json), FakeNext.ok());

        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.body().text(100)).isEqualTo("{\"status\":\"ok\",\"nodes\":[1,{\"name\":\"a\\nb\"}]}");
    }

    @Test
    void keepsAContentTypeThatIsGiven() throws Exception {
        Response response =
                answer(new RespondConfig(200, Map.of("Content-Type", "text/html"), "<p>", Map.of()), FakeNext.ok());

        assertThat(response.headers().all("content-type")).containsExactly("text/html");
    }

    @Test
    void answersWithoutABody() throws Exception {
        Response response = answer(new RespondConfig(204, Map.of(), null, Map.of()), FakeNext.ok());

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.headers().isEmpty()).isTrue();
        assertThat(response.body().isEmpty()).isTrue();
    }

    private static Response answer(RespondConfig config, FakeNext next) throws Exception {
        try (FakeContext context = FakeContext.create()) {
            return context.create(new RespondFactory(), config)
                    .handle(Requests.get("/").build(), next);
        }
    }
}
