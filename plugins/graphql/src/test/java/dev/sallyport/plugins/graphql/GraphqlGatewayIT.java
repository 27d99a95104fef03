package dev.sallyport.plugins.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testgateway.MarkdownPage;
import dev.sallyport.testgateway.TestGateway;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** graphql-java behind a real gateway. */
@Timeout(60)
final class GraphqlGatewayIT {

    private static final String LIST = """
        {"Me": "query Me {me {name}}", "Rename": "mutation Rename($n: String!) {rename(name: $n) {name}}"}
        """;

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestGateway gateway(String config) {
        return gateway(config, "");
    }

    private TestGateway gateway(String config, String more) {
        return TestGateway.with(TestGateway.builtJar())
                .and(TestGateway.builtJar(Path.of("../cache")))
                .and(TestGateway.builtJar(Path.of("../rate-limit")))
                .file("schema.graphql", Server.SDL)
                .file("listed.json", LIST)
                .start("""
                    routes:
                      - name: all
                        plugins: [{graphql: %s}%s]
                        upstream: "%s"
                    """.formatted(config, more, server.address()));
    }

    private static HttpResponse<String> post(TestGateway gateway, String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.address().resolve("/graphql"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return gateway.send(request.build());
    }

    private static String query(String query) {
        return "{\"query\":\"" + query.replace("\"", "\\\"") + "\"}";
    }

    private static String parameter(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String persisted(String hash) {
        return "{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"" + hash + "\"}}";
    }

    @Test
    void servesTheExampleOfItsPage() {
        String example = MarkdownPage.examples().getFirst().replace("http://127.0.0.1:9001", server.address());
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar())
                .file("schema.graphql", Server.SDL)
                .start(example)) {
            assertThat(post(gateway, query("query Me {me {name posts(first: 1) {title}}}"))
                            .body())
                    .isEqualTo("{\"data\":{\"me\":{\"name\":\"Ada\",\"posts\":[{\"title\":\"One\"}]}}}");

            HttpResponse<String> denied =
                    post(gateway, query("{me {name\n email}}").replace("\n", "\\n"));

            assertThat(denied.statusCode()).isEqualTo(403);
            assertThat(denied.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(denied.body())
                    .startsWith("{\"errors\":[{\"message\":\"me.email may not be asked for\"")
                    .contains("\"line\":2", "\"code\":\"FORBIDDEN\"", "\"requestId\"");
            assertThat(post(gateway, query("{__schema {types {name}}}")).statusCode())
                    .isEqualTo(403);
            assertThat(server.asked).hasSize(1);
            assertThat(gateway.metrics())
                    .containsPattern("sallyport_graphql_passed_total\\{kind=\"query\",[^}]*} 1")
                    .containsPattern("sallyport_graphql_refused_total\\{reason=\"forbidden\",[^}]*} 1");
        }
    }

    @Test
    void tellsRefusalsInTheFormThatIsAskedFor() {
        try (TestGateway gateway = gateway("{}")) {
            HttpResponse<String> graphql =
                    post(gateway, query("{me"), "Accept", "application/graphql-response+json, application/json;q=0.9");
            HttpResponse<String> problem = post(gateway, query("{me"), "Accept", "application/problem+json");

            assertThat(graphql.statusCode()).isEqualTo(400);
            assertThat(graphql.headers().firstValue("content-type")).hasValue("application/graphql-response+json");
            assertThat(graphql.body()).contains("GRAPHQL_PARSE_FAILED", "\"line\":1");
            assertThat(problem.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(problem.body()).contains("urn:sallyport:problem:graphql-syntax", "\"errors\":[");
        }
    }

    @Test
    void refusesWhatIsNoRequestOfGraphql() {
        try (TestGateway gateway = gateway("{}")) {
            assertThat(post(gateway, "{\"query\":").statusCode()).isEqualTo(400);
            assertThat(post(gateway, "[]").statusCode()).isEqualTo(400);
            assertThat(post(gateway, "{\"query\":\"{now}\",\"query\":\"{me{email}}\"}")
                            .statusCode())
                    .as("a key that stands twice")
                    .isEqualTo(400);
            assertThat(post(gateway, "[" + query("{now}") + "]").statusCode())
                    .as("a batch")
                    .isEqualTo(400);
            assertThat(gateway.get("/graphql").statusCode()).isEqualTo(400);
            assertThat(gateway.get("/graphql?query=%7Bnow%7D&query=%7Bme%7D").statusCode())
                    .isEqualTo(400);
            HttpResponse<String> form =
                    gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/graphql"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("query={now}"))
                            .build());
            assertThat(form.statusCode()).isEqualTo(415);
            HttpResponse<String> both =
                    gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/graphql?query=%7Bme%7Bemail%7D%7D"))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(query("{now}")))
                            .build());
            assertThat(both.statusCode()).isEqualTo(400);
            HttpResponse<String> delete =
                    gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/graphql"))
                            .DELETE()
                            .build());
            assertThat(delete.statusCode()).isEqualTo(405);
            assertThat(delete.headers().firstValue("allow")).hasValue("GET, HEAD, POST");
            assertThat(post(gateway, query("{now}" + " ".repeat(300_000))).statusCode())
                    .isEqualTo(413);
            assertThat(server.asked).isEmpty();
        }
    }

    @Test
    void passesABatchWhoseOperationsAllPass() {
        try (TestGateway gateway = gateway("{maxBatch: 2, maxDepth: 2}")) {
            assertThat(post(gateway, "[" + query("{now}") + "," + query("{me{name}}") + "]")
                            .body())
                    .isEqualTo("[{\"data\":{\"now\":1}},{\"data\":{\"me\":{\"name\":\"Ada\"}}}]");
            assertThat(post(gateway, "[" + query("{now}") + "," + query("{me{posts{title}}}") + "]")
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    /** The protocol of Apollo's automatic persisted queries. */
    @Test
    void aClientRegistersAQueryAndAsksForItByItsHash() {
        String query = "query Post($n: Int) {post(n: $n) {title}}";
        String hash = PersistedQueries.hash(query);
        try (TestGateway gateway = gateway("{automatic: true}")) {
            String byHash = "{\"variables\":{\"n\":3},\"extensions\":" + persisted(hash) + "}";
            HttpResponse<String> unknown = post(gateway, byHash);
            assertThat(unknown.statusCode()).isEqualTo(200);
            assertThat(unknown.body()).contains("\"message\":\"PersistedQueryNotFound\"", "PERSISTED_QUERY_NOT_FOUND");
            assertThat(unknown.headers().firstValue("cache-control")).hasValue("no-store");

            String registering =
                    "{\"query\":\"" + query + "\",\"variables\":{\"n\":3},\"extensions\":" + persisted(hash) + "}";
            assertThat(post(gateway, registering).body()).contains("Post 3");

            assertThat(post(gateway, byHash).body()).contains("Post 3");
            assertThat(gateway.get("/graphql?variables=" + parameter("{\"n\":4}") + "&extensions="
                                    + parameter(persisted(hash)))
                            .body())
                    .contains("Post 4");
            assertThat(server.asked).allMatch(asked -> asked.contains("query"), "the service need not know of it");
            assertThat(post(gateway, registering.replace("Post(", "Posts(")).body())
                    .contains("PERSISTED_QUERY_HASH_MISMATCH");
        }
    }

    @Test
    void aQueryThatDoesNotPassIsNotRegistered() {
        String query = "{me {posts {author {posts {title}}}}}";
        String hash = PersistedQueries.hash(query);
        try (TestGateway gateway = gateway("{automatic: true, maxDepth: 3}")) {
            assertThat(post(gateway, "{\"query\":\"" + query + "\",\"extensions\":" + persisted(hash) + "}")
                            .statusCode())
                    .isEqualTo(400);

            assertThat(post(gateway, "{\"extensions\":" + persisted(hash) + "}").body())
                    .contains("PersistedQueryNotFound");
        }
    }

    @Test
    void onlyListedQueriesPass() {
        try (TestGateway gateway = gateway("{listed: listed.json, onlyListed: true}")) {
            assertThat(post(gateway, query("query Me {me {name}}")).body()).contains("Ada");
            assertThat(post(gateway, "{\"documentId\":\"Me\"}").body()).contains("Ada");
            String hash = PersistedQueries.hash("query Me {me {name}}");
            assertThat(gateway.get("/graphql?extensions=" + parameter(persisted(hash)))
                            .body())
                    .contains("Ada");

            HttpResponse<String> other = post(gateway, query("query Me {me {email}}"));

            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(other.body()).contains("PERSISTED_QUERY_NOT_LISTED");
            assertThat(post(gateway, "{\"documentId\":\"You\"}").statusCode()).isEqualTo(403);
            assertThat(gateway.metrics()).containsPattern("kind=\"query\",operation=\"Me\"[^}]*} 3");
        }
    }

    @Test
    void aMutationByGetIsRefused() {
        try (TestGateway gateway = gateway("{}")) {
            HttpResponse<String> refused =
                    gateway.get("/graphql?query=" + parameter("mutation {rename(name: \"x\") {name}}"));

            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("allow")).hasValue("POST");
            assertThat(post(gateway, query("mutation {rename(name: \"x\") {name}}"))
                            .body())
                    .contains("\"x\"");
        }
    }

    @Test
    void queriesByGetAreKeptByTheCacheBehindIt() {
        try (TestGateway gateway = gateway("{}", ", {cache: {}}")) {
            String first = gateway.get("/graphql?query=%7Bnow%7D").body();

            assertThat(gateway.get("/graphql?query=%7Bnow%7D").body()).isEqualTo(first);
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void operationsAreLimitedByTheirKind() {
        try (TestGateway gateway = gateway("{}", ", {rate-limit: {limit: 1/h, by: [graphql.kind]}}")) {
            String mutation = query("mutation {rename(name: \"x\") {name}}");
            assertThat(post(gateway, mutation).statusCode()).isEqualTo(200);

            assertThat(post(gateway, mutation).statusCode()).isEqualTo(429);
            assertThat(post(gateway, query("{now}")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aMonitoredStepLetsAllPass() {
        try (TestGateway gateway = TestGateway.with(TestGateway.builtJar()).start("""
            routes:
              - name: all
                plugins: [{graphql: {maxDepth: 1}, mode: monitor}]
                upstream: "%s"
            """.formatted(server.address()))) {
            assertThat(post(gateway, query("{me {name}}")).body()).contains("Ada");
        }
    }
}
