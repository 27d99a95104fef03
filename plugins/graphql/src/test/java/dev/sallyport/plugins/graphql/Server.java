package dev.sallyport.plugins.graphql;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import graphql.ExecutionInput;
import graphql.GraphQL;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A GraphQL service: graphql-java behind the JDK's HTTP server. Knows nothing of persisted queries. */
final class Server implements AutoCloseable {

    static final String SDL = """
        type User { name: String email: String posts(first: Int): [Post] }
        type Post { title: String author: User }
        type Query { me: User now: Int post(n: Int): Post }
        type Mutation { rename(name: String!): User }
        """;

    private static final JsonMapper JSON = JsonMapper.shared();

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer http;
    private final GraphQL graphql;
    private int count;

    Server() throws IOException {
        Map<String, Object> user =
                Map.of("name", "Ada", "email", "ada@example.com", "posts", List.of(Map.of("title", "One")));
        graphql = GraphQL.newGraphQL(new SchemaGenerator()
                        .makeExecutableSchema(
                                new SchemaParser().parse(SDL),
                                RuntimeWiring.newRuntimeWiring()
                                        .type(
                                                "Query",
                                                type -> type.dataFetcher("me", _ -> user)
                                                        .dataFetcher("now", _ -> ++count)
                                                        .dataFetcher(
                                                                "post",
                                                                call -> Map.of(
                                                                        "title", "Post " + call.getArgument("n"))))
                                        .type(
                                                "Mutation",
                                                type -> type.dataFetcher(
                                                        "rename", call -> Map.of("name", call.getArgument("name"))))
                                        .build()))
                .build();
        http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        http.setExecutor(task -> Thread.ofVirtual().start(task));
        http.createContext("/graphql", this::serve);
        http.start();
    }

    String address() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String query = exchange.getRequestURI().getRawQuery();
            asked.add(exchange.getRequestMethod() + " "
                    + (query == null ? new String(body, StandardCharsets.UTF_8) : query));
            JsonNode request = exchange.getRequestMethod().equals("POST") ? JSON.readTree(body) : parameters(query);
            Object answer =
                    request.isArray() ? request.valueStream().map(this::answer).toList() : answer(request);
            byte[] bytes = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            if (exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().add("Cache-Control", "public, max-age=60");
            }
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Map<String, Object> answer(JsonNode request) {
        Map<String, Object> variables = new HashMap<>();
        request.path("variables")
                .propertyStream()
                .forEach(each -> variables.put(each.getKey(), JSON.convertValue(each.getValue(), Object.class)));
        return graphql.execute(ExecutionInput.newExecutionInput()
                        .query(request.path("query").asString(""))
                        .operationName(request.path("operationName").asString(null))
                        .variables(variables)
                        .build())
                .toSpecification();
    }

    private static JsonNode parameters(String query) {
        var json = JSON.createObjectNode();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String value = URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            String name = part.substring(0, equals);
            if (name.equals("variables")) {
                json.set(name, JSON.readTree(value));
            } else {
                json.put(name, value);
            }
        }
        return json;
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
