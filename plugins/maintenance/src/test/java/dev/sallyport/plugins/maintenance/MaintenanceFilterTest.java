package dev.sallyport.plugins.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Command;
import dev.sallyport.api.Explanation;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.FakeNext;
import dev.sallyport.testkit.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaintenanceFilterTest {

    private final FakeContext context =
            FakeContext.builder().key("maintenance/orders/maintenance").build();

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void answers503WithAProblem() throws Exception {
        FakeNext next = FakeNext.ok();

        Response response = create(Configs.usual()).handle(Requests.get("/").build(), next);

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("600");
        assertThat(response.header("cache-control")).isEqualTo("no-store");
        assertThat(response.body().text(1_000)).contains("urn:sallyport:problem:maintenance");
        assertThat(next.calls()).isZero();
    }

    @Test
    void showsATextWhereOneIsGiven() throws Exception {
        Response response = send(create(Configs.showing("{\"back\":\"soon\"}", null, "application/json")));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(response.body().text(1_000)).isEqualTo("{\"back\":\"soon\"}");
    }

    @Test
    void showsAPageWhereOneIsGiven(@TempDir Path folder) throws Exception {
        Path page = Files.writeString(folder.resolve("page.html"), "<p>Back soon");

        Response response = send(create(Configs.showing(null, page, "text/html; charset=utf-8")));

        assertThat(response.body().text(1_000)).isEqualTo("<p>Back soon");
    }

    @Test
    void refusesAPageThatCannotBeRead(@TempDir Path folder) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> create(Configs.showing(null, folder.resolve("none"), "text/html")))
                .returns("page", ConfigException::key);
    }

    @Test
    void isOnForItsTimeOnly() throws Exception {
        Filter filter = create(Configs.between("2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"));

        Response before = send(filter);
        context.clock().advance(Duration.ofHours(1));
        Response first = send(filter);
        context.clock().advance(Duration.ofMinutes(59).plusMillis(500));
        Response last = send(filter);
        context.clock().advance(Duration.ofMillis(59_500));
        Response after = send(filter);

        assertThat(before.status()).isEqualTo(200);
        assertThat(first.status()).isEqualTo(503);
        assertThat(first.header("retry-after")).isEqualTo("3600");
        assertThat(first.body().text(1_000)).contains("It is to be over at 2026-01-01T02:00:00Z.");
        assertThat(last.header("retry-after")).isEqualTo("60");
        assertThat(after.status()).isEqualTo(200);
    }

    @Test
    void letsAllowedAddressesPass() throws Exception {
        Filter filter = create(Configs.allowing("198.51.100.0/24"));

        assertThat(send(filter, Requests.get("/").client("198.51.100.7").build())
                        .status())
                .isEqualTo(200);
        assertThat(send(filter, Requests.get("/").client("198.51.101.7").build())
                        .status())
                .isEqualTo(503);
    }

    @Test
    void letsRequestsWithTheHeaderPassAndKeepsItToItself() throws Exception {
        Filter filter = create(Configs.passedBy("x-preview", "letmein"));
        FakeNext next = FakeNext.ok();

        filter.handle(Requests.get("/").header("x-preview", "letmein").build(), next);
        Response wrong =
                send(filter, Requests.get("/").header("x-preview", "other").build());

        assertThat(next.request().header("x-preview")).isNull();
        assertThat(wrong.status()).isEqualTo(503);
    }

    @Test
    void isSwitchedByCommands() throws Exception {
        Filter filter = create(Configs.standby());

        int before = send(filter).status();
        String told = command(filter, "on");
        int on = send(filter).status();
        Map<String, ?> state = filter.state();
        command(filter, "auto");
        int auto = send(filter).status();

        assertThat(before).isEqualTo(200);
        assertThat(told).isEqualTo("maintenance is on");
        assertThat(on).isEqualTo(503);
        assertThat(state).isEqualTo(Map.of("on", true, "by", "command"));
        assertThat(auto).isEqualTo(200);
        assertThat(context.log())
                .containsExactly(
                        "INFO maintenance/orders/maintenance: maintenance is on, by the command on",
                        "INFO maintenance/orders/maintenance: maintenance is off, by the command auto");
    }

    @Test
    void aCommandHoldsForTheInstanceThatTakesItsPlace() throws Exception {
        command(create(Configs.standby()), "on");

        Filter after = create(Configs.usual());
        int on = send(after).status();
        command(after, "off");
        int off = send(create(Configs.usual())).status();
        command(after, "auto");
        int auto = send(create(Configs.usual())).status();

        assertThat(List.of(on, off, auto)).containsExactly(503, 200, 503);
    }

    @Test
    void aCommandThatCannotBeReadIsNone() throws Exception {
        Files.writeString(context.dataFolder().resolve("command"), "spoilt");

        assertThat(send(create(Configs.standby())).status()).isEqualTo(200);
        assertThat(context.log()).last().asString().contains("cannot be read");
    }

    @Test
    void endsByACommandBeforeItsTime() throws Exception {
        Filter filter = create(Configs.usual());

        command(filter, "off");

        assertThat(send(filter).status()).isEqualTo(200);
    }

    @Test
    void explainsWhatItAnswers() throws Exception {
        assertThat(create(Configs.usual()).explain(Requests.get("/").build()))
                .isEqualTo(new Explanation.Answers(503, "Under maintenance"));
    }

    private Filter create(MaintenanceConfig config) {
        return context.create(new MaintenanceFactory(), config);
    }

    private static Response send(Filter filter) throws Exception {
        return send(filter, Requests.get("/").build());
    }

    private static Response send(Filter filter, Request request) throws Exception {
        return filter.handle(request, FakeNext.ok());
    }

    private static String command(Filter filter, String name) {
        return filter.commands().stream()
                .filter(command -> command.name().equals(name))
                .map(Command::action)
                .findFirst()
                .orElseThrow()
                .run(null);
    }
}
