package dev.sallyport.plugins.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Response;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeExchange;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AuthorizeFilterTest {

    private final FakeContext context = FakeContext.create();
    private final FakeExchange exchange = FakeExchange.create();
    private final FakeNext next = FakeNext.ok();

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void passesWhatARuleAllows() throws Exception {
        Response response = answer(Configs.allow("request.method == 'POST'", "request.path == '/a'"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(exchange.notes()).containsEntry("allowed", "allow 2");
    }

    @Test
    void refusesWhatNoRuleAllows() throws Exception {
        Response response = answer(Configs.allow("request.method == 'POST'"));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1000))
                .contains("\"type\":\"urn:sallyport:problem:not-authorized\"")
                .doesNotContain("POST", "rule");
        assertThat(exchange.notes()).containsEntry("refused", "no rule of allow");
        assertThat(next.calls()).isZero();
    }

    @Test
    void withoutARuleOfAllowPassesWhatNobodyDenies() throws Exception {
        assertThat(answer(Configs.deny("request.method == 'POST'")).status()).isEqualTo(200);
    }

    @Test
    void denyBeatsAllow() throws Exception {
        Response response =
                answer(new AuthorizeConfig(Configs.rules("true"), Configs.rules("false", "request.path == '/a'")));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1000)).contains("urn:sallyport:problem:not-authorized");
        assertThat(exchange.notes()).containsEntry("refused", "deny 2");
    }

    @Test
    void tellsTheClientWhatTheRuleSays() throws Exception {
        Response response = answer(new AuthorizeConfig(
                List.of(), List.of(new Rule(Condition.parse("true"), "closed", "Orders are closed today."))));

        assertThat(response.body().text(1000))
                .contains("\"detail\":\"Orders are closed today.\"", "\"rule\":\"closed\"");
        assertThat(exchange.notes()).containsEntry("refused", "closed");
    }

    @Test
    void aRuleOfDenyThatCannotBeToldRefuses() throws Exception {
        Response response = answer(Configs.deny("consumer.name == 'banned'"));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.body().text(1000)).contains("urn:sallyport:problem:not-authorized");
        assertThat(exchange.notes())
                .containsEntry("refused", "deny 1")
                .containsEntry("failed", "deny 1: attribute not found");
    }

    @Test
    void aRuleOfAllowThatCannotBeToldLetsNobodyIn() throws Exception {
        assertThat(answer(Configs.allow("consumer.name != 'banned'", "claims.role == 'admin'"))
                        .status())
                .isEqualTo(403);
        assertThat(exchange.notes()).containsEntry("refused", "no rule of allow");
        assertThat(String.valueOf(exchange.notes().get("failed")))
                .startsWith("allow 1: attribute not found; allow 2: ");
    }

    @Test
    void anotherRuleOfAllowStillCounts() throws Exception {
        assertThat(answer(Configs.allow("claims.role == 'admin'", "request.method == 'GET'"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aFailureTellsNothingOfTheRequest() throws Exception {
        exchange.put(Attribute.of("jwt-claims", Map.class), Map.of("secret", "s3cr3t"));

        answer(Configs.allow("int(claims.secret) > 1", "timestamp(string(claims.secret)) < now"));

        assertThat(String.valueOf(exchange.notes().get("failed"))).doesNotContain("s3cr3t");
    }

    @Test
    void countsRefusalsAndFailures() throws Exception {
        Filter filter = context.create(new AuthorizeFactory(), Configs.allow("claims.role == 'admin'"));
        filter.handle(Requests.get("/a").exchange(exchange).build(), next);

        assertThat(filter.explain(Requests.get("/a").exchange(exchange).build()))
                .isEqualTo(new Explanation.Answers(403, "You may not do this"));

        assertThat(context.metrics())
                .satisfiesExactlyInAnyOrder(
                        metric -> OpenTelemetryAssertions.assertThat(metric)
                                .hasName("sallyport.authorize.refused")
                                .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(point -> point.hasValue(1))),
                        metric -> OpenTelemetryAssertions.assertThat(metric)
                                .hasName("sallyport.authorize.failed")
                                .hasLongSumSatisfying(sum -> sum.hasPointsSatisfying(point -> point.hasValue(1))));
    }

    private Response answer(AuthorizeConfig config) throws Exception {
        return context.create(new AuthorizeFactory(), config)
                .handle(Requests.get("/a").exchange(exchange).build(), next);
    }
}
