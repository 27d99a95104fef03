package dev.sallyport.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is valid and hardly meant, with the plugins that ship. */
final class LintIT {

    private static final String CONFIG = """
        routes:
          - name: orders
            match: {paths: [/orders/**]}
            plugins:
              - rate-limit: {limit: 100/s, by: consumer}
              - key-auth: {}
              - respond: {body: orders}
          - name: old
            match: {paths: ["re:/orders/[0-9]+"]}
            plugins:
              - rate-limit: {limit: 1/s}  # lint: allow limit-for-all — nobody comes here
              - respond: {body: old}
        """;

    private static Path folder;

    @BeforeAll
    static void make() {
        folder = Folders.temporary("lint");
    }

    @AfterAll
    static void delete() {
        Folders.delete(folder);
    }

    @Test
    void checkTellsWhatItFinds() throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), Product.web(CONFIG));

        Command checked = Command.sallyport(folder, "check", "gateway.yaml").succeeds();

        assertThat(checked.out().lines())
                .containsExactly(
                        "lint: gateway.yaml:9:40 routes[0].plugins[0].rate-limit.by: rate-limit reads consumer, which"
                                + " no step before it in route orders provides; put it behind a step that does, such as"
                                + " basic-auth or jwt-auth or key-auth or mtls-auth or oidc-login"
                                + " [nothing-provides]",
                        "lint: gateway.yaml:12:5 routes[1]: old takes no request: orders at gateway.yaml:6:5 goes first"
                                + " for all that it matches; remove it, or make it more specific [unreachable-route]",
                        folder.resolve("gateway.yaml").toRealPath() + ": valid, 2 findings, 1 allowed");
        assertThat(Command.sallyport(folder, "check", "--strict", "gateway.yaml")
                        .endsWith(1)
                        .out())
                .contains("2 findings");
        assertThat(Command.sallyport(folder, "check", "--json", "gateway.yaml")
                        .succeeds()
                        .out())
                .contains(
                        "\"rule\" : \"unreachable-route\"",
                        "\"rule\" : \"limit-for-all\"",
                        "\"allowed\" : \"nobody comes here\"");
    }

    @Test
    void checkIsStrictOnlyWhereNobodyHasAllowedIt() throws IOException {
        Files.writeString(folder.resolve("allowed.yaml"), Product.web("""
            routes:
              - name: all
                plugins:
                  - rate-limit: {limit: 1/s}  # lint: allow limit-for-all
                  - respond: {body: all}
            """));

        assertThat(Command.sallyport(folder, "check", "--strict", "allowed.yaml")
                        .succeeds()
                        .out())
                .contains("valid, 1 allowed");
    }

    @Test
    void checkTellsOfACacheThatAnswersCallersByWhatOthersMaySee() throws IOException {
        Files.writeString(folder.resolve("cache.yaml"), Product.web("""
            routes:
              - name: mine
                match: {paths: [/mine]}
                plugins: [key-auth: {}, cache: {ttl: 30s}, respond: {body: mine}]
              - name: apart
                match: {paths: [/apart]}
                plugins: [key-auth: {}, {cache: {ttl: 30s, key: [consumer]}}, respond: {body: apart}]
              - name: before
                match: {paths: [/before]}
                plugins: [cache: {ttl: 30s}, key-auth: {}, respond: {body: before}]
            """));

        assertThat(Command.sallyport(folder, "check", "cache.yaml").succeeds().out())
                .contains("cache stands behind key-auth at", "what one may see, the next one gets")
                .contains("cache stands before key-auth at", "whom key-auth has not judged")
                .contains("valid, 2 findings");
    }

    @Test
    void theGatewayLogsHowManyThereAre() {
        try (Product product = Product.with(Product.web(CONFIG)).start()) {
            product.output().await("generation 1: lint has 2 findings, 1 allowed; sallyport check shows them");
        }
    }

    @Test
    void whatIsHeldBackIsNamedEverywhere() {
        String main = Product.web("""
            include: [{files: "teams/*.yaml", onError: keepLast}]
            routes: [{name: main, match: {paths: [/main]}, plugins: [{respond: {body: main}}]}]
            """);
        String team = "routes: [{name: team, match: {paths: [/team]}, plugins: [{respond: {body: team}}]}]\n";
        try (Product product =
                Product.with(main).file("conf/teams/a.yaml", team).start()) {
            product.replace("conf/teams/a.yaml", team.replace("respond", "respnd"));
            product.output().await("teams/*.yaml is held back, its last good content serves");

            assertThat(product.client().get("/team").body()).isEqualTo("team");
            await().untilAsserted(
                            () -> assertThat(product.status().get("/readyz").body())
                                    .contains("include held back, its last good content serves: teams/*.yaml"));
            assertThat(product.admin().get("/v1/generations").body())
                    .contains("include teams/*.yaml held back: its last good content serves");
            assertThat(product.output().lines()).anyMatch(line -> line.contains("teams/a.yaml:1:59"));
        }
    }
}
