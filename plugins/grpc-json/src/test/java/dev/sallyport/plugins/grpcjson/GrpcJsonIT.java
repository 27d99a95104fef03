package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.sallyport.testgateway.TestGateway;
import dev.sallyport.testgateway.TestUpstream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server of gRPC, called by HTTP and JSON through a real gateway. */
final class GrpcJsonIT {

    private static GrpcServer server;
    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        server = GrpcServer.start();
        gateway = TestGateway.with(TestGateway.builtJar())
                .file(
                        "protos/shop/v1/orders.proto",
                        Files.readString(Path.of("src/test/resources/shop/v1/orders.proto")))
                .start("""
                    upstreams:
                      shop: {targets: ["%1$s"], protocol: h2}
                      nobody: {targets: ["http://127.0.0.1:1"], protocol: h2}
                    routes:
                      - name: shop
                        match: {paths: [/v1/**, /shop.v1.Orders/**]}
                        plugins: [{grpc-json: {from: {protos: {files: [shop/v1/orders.proto], roots: [protos]}}}}]
                        upstream: shop
                      - name: reflected
                        match: {paths: [/api/**]}
                        plugins: [{grpc-json: {from: {reflection: {}}, basePath: /api, defaults: true}}]
                        upstream: shop
                      - name: away
                        match: {paths: [/away/**]}
                        plugins: [{grpc-json: {from: {reflection: {}}, basePath: /away}}]
                        upstream: nobody
                    """.formatted(server.address()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        server.close();
    }

    private static HttpResponse<String> post(String path, String type, String body) {
        return gateway.send(HttpRequest.newBuilder(gateway.address().resolve(path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private static JsonObject json(HttpResponse<String> response) {
        return JsonParser.parseString(response.body()).getAsJsonObject();
    }

    @Test
    void callsAMethodByItsRule() {
        HttpResponse<String> response = gateway.get("/v1/customers/1/orders/2?readMask=status,placedAt");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body())
                .isEqualTo("{\"name\":\"customers/1/orders/2\",\"status\":\"OPEN\",\"items\":[{\"article\":\"tea\","
                        + "\"count\":2}],\"placedAt\":\"2026-11-26T12:00:00Z\",\"totalCents\":\"1250\"}");
        assertThat(server.lastRequest)
                .isEqualTo("{\"name\":\"customers/1/orders/2\",\"readMask\":\"status,placedAt\"}");
    }

    @Test
    void putsTheBodyIntoAFieldAndTheQueryIntoOthers() {
        HttpResponse<String> response = post(
                "/v1/customers/7/orders?dryRun=true",
                "application/json; charset=utf-8",
                "{\"items\":[{\"article\":\"tea\",\"count\":1}],\"signature\":\"AAEC\",\"labels\":{\"a\":\"b\"}}");

        assertThat(response.body())
                .isEqualTo("{\"items\":[{\"article\":\"tea\",\"count\":1}],\"signature\":\"AAEC\","
                        + "\"labels\":{\"a\":\"b\"}}");
        assertThat(server.lastRequest)
                .isEqualTo("{\"parent\":\"customers/7\",\"order\":" + response.body() + ",\"dryRun\":true}");
    }

    @Test
    void takesAWholeMessageByAnAdditionalBinding() {
        HttpResponse<String> response =
                post("/v1/orders", "application/json", "{\"parent\":\"customers/7\",\"order\":{\"total_cents\":5}}");

        assertThat(response.body()).isEqualTo("{\"totalCents\":\"5\"}");
        assertThat(server.lastRequest).isEqualTo("{\"parent\":\"customers/7\",\"order\":{\"totalCents\":\"5\"}}");
    }

    @Test
    void callsAMethodByItsName() {
        HttpResponse<String> response =
                post("/shop.v1.Orders/GetOrder", "application/json", "{\"name\":\"customers/1/orders/2\"}");

        assertThat(json(response).get("status").getAsString()).isEqualTo("OPEN");
    }

    @Test
    void answersOneFieldAndBytesOfAnyType() {
        assertThat(gateway.get("/v1/customers/1/orders/2/items").body())
                .isEqualTo("[{\"article\":\"tea\",\"count\":2}]");

        HttpResponse<String> receipt = gateway.get("/v1/customers/1/orders/2/receipt");
        assertThat(receipt.headers().firstValue("content-type")).hasValue("text/plain");
        assertThat(receipt.body()).isEqualTo("Paid.");
    }

    @Test
    void streamsAnswersAsTheClientTakesThem() {
        String path = "/v1/customers/1/orders?pageSize=2&filter.status=OPEN&filter.status=2&filter.since="
                + URLEncoder.encode("2026-01-01T00:00:00Z", StandardCharsets.UTF_8);
        String order = "{\"name\":\"customers/1/orders/2\",\"status\":\"OPEN\"}";

        HttpResponse<String> lines = gateway.get(path);
        assertThat(lines.headers().firstValue("content-type")).hasValue("application/x-ndjson");
        assertThat(lines.body()).isEqualTo(order + "\n" + order + "\n");
        assertThat(server.lastRequest)
                .isEqualTo("{\"parent\":\"customers/1\",\"pageSize\":2,\"filter\":{\"status\":[\"OPEN\",\"SHIPPED\"],"
                        + "\"since\":\"2026-01-01T00:00:00Z\"}}");

        assertThat(gateway.get(path, "Accept", "application/json").body()).isEqualTo("[" + order + "," + order + "]");

        HttpResponse<String> events = gateway.get(path, "Accept", "text/event-stream");
        assertThat(events.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(events.body()).isEqualTo("data: " + order + "\n\ndata: " + order + "\n\n");

        assertThat(gateway.get("/v1/customers/1/orders", "Accept", "application/json")
                        .body())
                .isEqualTo("[]");
    }

    @Test
    void takesStreamsAsLinesAndAsAnArray() {
        assertThat(post("/v1/orders:import", "application/x-ndjson", "{\"name\":\"a\"}\n\n{\"name\":\"b\"}")
                        .body())
                .isEqualTo("{\"imported\":\"2\"}");
        assertThat(post("/v1/orders:import", "application/json", " [ {\"name\":\"a, [b]\"} , {}, {} ] ")
                        .body())
                .isEqualTo("{\"imported\":\"3\"}");
        assertThat(post("/v1/orders:import", "application/json", "{\"name\":\"one\"}")
                        .body())
                .isEqualTo("{\"imported\":\"1\"}");
        assertThat(post("/v1/orders:import", "application/json", "").body()).isEqualTo("{}");
    }

    @Test
    void tellsAFailureByItsStatusAndDetails() {
        HttpResponse<String> response = gateway.get("/v1/customers/1/orders/0");

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).hasValue("3");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonObject problem = json(response);
        assertThat(problem.get("type").getAsString()).isEqualTo("urn:sallyport:problem:grpc-resource-exhausted");
        assertThat(problem.get("detail").getAsString()).isEqualTo("too many orders");
        assertThat(problem.get("grpc-status").getAsInt()).isEqualTo(8);
        assertThat(problem.get("details").toString())
                .isEqualTo("[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"3s\"},"
                        + "{\"@type\":\"type.example.com/unknown.Type\",\"value\":\"aGk=\"}]");
    }

    @Test
    void tellsAFailureBehindTheFirstMessageAtTheEnd() {
        String path = "/v1/customers/broken/orders?pageSize=1";

        assertThat(gateway.get(path).body())
                .contains("orders/2\"", "\n{\"error\":{\"type\":", "grpc-resource-exhausted");
        assertThat(gateway.get(path, "Accept", "text/event-stream").body()).contains("\n\nevent: error\ndata: {");
        assertThatThrownBy(() -> gateway.get(path, "Accept", "application/json"))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(gateway.get("/v1/customers/broken/orders").statusCode()).isEqualTo(429);
    }

    @Test
    void refusesWhatDoesNotFitWithAPlace() {
        HttpResponse<String> wrong =
                post("/v1/customers/7/orders", "application/json", "{\"items\":[{\"count\":1},{\"count\":\"many\"}]}");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(json(wrong).get("pointer").getAsString()).isEqualTo("/items/1/count");
        assertThat(json(wrong).get("detail").getAsString()).isEqualTo("/items/1/count: expected: int32");
        assertThat(wrong.body()).doesNotContain("many");

        HttpResponse<String> unknown = post("/v1/orders", "application/json", "{\"order\":{\"colour\":1}}");
        assertThat(json(unknown).get("detail").getAsString())
                .isEqualTo("/order/colour: no such field in shop.v1.Order");

        HttpResponse<String> parameter = gateway.get("/v1/customers/1/orders?filter.since=yesterday");
        assertThat(parameter.statusCode()).isEqualTo(400);
        assertThat(json(parameter).get("detail").getAsString())
                .isEqualTo("parameter filter.since: expected: google.protobuf.Timestamp");
        assertThat(gateway.get("/v1/customers/1/orders?size=1").statusCode()).isEqualTo(400);

        HttpResponse<String> later =
                post("/v1/orders:import", "application/x-ndjson", "{\"name\":\"a\"}\n{\"name\":[]}\n");
        assertThat(later.statusCode()).isEqualTo(400);
        assertThat(json(later).get("message").getAsInt()).isEqualTo(2);
    }

    @Test
    void refusesBrokenJsonInvalidUtf8AndDepthWithAPlace() {
        HttpResponse<String> broken = post("/v1/orders", "application/json", "{\"order\":\n  {,}}");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(json(broken).get("line").getAsInt()).isEqualTo(2);
        assertThat(json(broken).get("column").getAsInt()).isEqualTo(4);

        HttpResponse<String> utf8 = gateway.send(HttpRequest.newBuilder(
                        gateway.address().resolve("/v1/orders"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray("{\"parent\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1)))
                .build());
        assertThat(utf8.statusCode()).isEqualTo(400);
        assertThat(json(utf8).get("detail").getAsString()).isEqualTo("line 1, column 12: not in UTF-8");

        String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
        assertThat(post("/v1/orders", "application/json", deep).statusCode()).isEqualTo(400);
        String lessDeep = "[".repeat(65) + "]".repeat(65);
        HttpResponse<String> nested = post("/v1/orders", "application/json", "\n" + lessDeep);
        assertThat(nested.statusCode()).isEqualTo(400);
        assertThat(json(nested).get("detail").getAsString()).isEqualTo("line 2, column 65: nested more than 64 deep");
    }

    @Test
    void refusesANameThatStandsTwice() {
        for (String name : new String[] {"parent", "p\\u0061rent"}) {
            HttpResponse<String> twice =
                    post("/v1/orders", "application/json", "{\"parent\":\"a\",\"order\":{},\n\"" + name + "\":\"b\"}");
            assertThat(twice.statusCode()).isEqualTo(400);
            assertThat(json(twice).get("detail").getAsString())
                    .isEqualTo("line 2, column 1: a name that its object has already");
        }
        assertThat(post(
                                "/v1/orders:import",
                                "application/json",
                                "[{\"name\":\"a\"},{\"name\":\"a\",\"labels\":{\"name\":\"a\"},\"items\":[{\"count\":1},{\"count\":1}]}]")
                        .body())
                .isEqualTo("{\"imported\":\"2\"}");
    }

    /** A descriptor set is read as protoc writes it. */
    @Test
    void readsADescriptorSet(@TempDir Path folder) throws Exception {
        Path set = Files.write(
                folder.resolve("shop.pb"),
                FileDescriptorSet.newBuilder()
                        .addFile(GrpcServer.file().toProto())
                        .build()
                        .toByteArray());
        try (TestGateway described =
                TestGateway.with(TestGateway.builtJar()).start("""
                    upstreams: {shop: {targets: ["%s"], protocol: h2}}
                    routes: [{name: all, plugins: [{grpc-json: {from: {descriptors: "%s"}}}], upstream: shop}]
                    """.formatted(server.address(), set))) {
            assertThat(described.get("/v1/customers/1/orders/2").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesOtherTypesMethodsAndPaths() {
        assertThat(post("/v1/orders", "text/plain", "{}").statusCode()).isEqualTo(415);
        HttpResponse<String> method =
                gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/v1/customers/1/orders"))
                        .DELETE()
                        .build());
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("allow")).hasValue("GET, HEAD, POST");
        assertThat(gateway.get("/v1/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesAMessageThatIsTooLarge() {
        String large = "{\"parent\":\"" + "a".repeat(4 * 1024 * 1024) + "\"}";
        assertThat(post("/v1/orders", "application/json", large).statusCode()).isEqualTo(413);
        assertThat(post("/v1/orders:import", "application/x-ndjson", large).statusCode())
                .isEqualTo(413);
    }

    @Test
    void learnsTheServicesByReflection() {
        HttpResponse<String> response = gateway.get("/api/v1/customers/1/orders/2");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("signature").getAsString()).isEmpty(); // since defaults are asked for

        HttpResponse<String> health = post("/api/grpc.health.v1.Health/Check", "application/json", "{}");
        assertThat(json(health).get("status").getAsString()).isEqualTo("SERVING");
    }

    @Test
    void fallsBackToTheOlderReflectionAndWaitsForAServerThatComesLater() throws Exception {
        int port;
        try (GrpcServer first = GrpcServer.start(GrpcServer.Reflects.NOT, 0)) {
            port = first.port();
        }
        try (TestGateway waiting = TestGateway.with(TestGateway.builtJar()).start("""
            upstreams: {shop: {targets: ["http://127.0.0.1:%d"], protocol: h2}}
            routes: [{name: all, plugins: [{grpc-json: {from: {reflection: {upstream: shop}}}}], upstream: shop}]
            """.formatted(port))) {
            HttpResponse<String> early = waiting.get("/v1/customers/1/orders/2");
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.body()).contains("grpc-description-unavailable");
            try (GrpcServer late = GrpcServer.start(GrpcServer.Reflects.V1ALPHA, port)) {
                waiting.await(
                        "the services are known",
                        () -> waiting.get("/v1/customers/1/orders/2").statusCode() == 200);
                assertThat(waiting.steps()).contains("shop.v1.Orders");
                assertThat(late.lastRequest).contains("customers/1/orders/2");
            }
        }
    }

    @Test
    void leavesCallsOfGrpcAlone() {
        HttpResponse<String> response =
                gateway.send(HttpRequest.newBuilder(gateway.address().resolve("/shop.v1.Orders/GetOrder"))
                        .header("Content-Type", "application/grpc")
                        .POST(BodyPublishers.ofByteArray(Frames.framed(new byte[0])))
                        .build());

        assertThat(response.headers().firstValue("content-type")).hasValue("application/grpc");
    }

    @Test
    void endsTheCallWhenTheClientGoes() throws Exception {
        long before = server.cancelled.get();
        try (java.net.Socket socket =
                new java.net.Socket("127.0.0.1", gateway.address().getPort())) {
            socket.getOutputStream()
                    .write("GET /v1/customers/asleep/orders?pageSize=1 HTTP/1.1\r\nHost: a\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isPositive();
        }

        gateway.await("the call is cancelled", () -> server.cancelled.get() > before);
    }

    /** Some servers of gRPC ask for it, and a client of JSON does not say it. */
    @Test
    void tellsTheServerThatTrailersAreTaken() {
        try (TestUpstream upstream = TestUpstream.start();
                TestGateway plain = TestGateway.with(TestGateway.builtJar())
                        .start("""
                            routes:
                              - name: all
                                plugins: [{grpc-json: {from: {protos: {files: [shop/v1/orders.proto], roots: ["%s"]}}}}]
                                upstream: "%s"
                            """.formatted(Path.of("src/test/resources").toAbsolutePath(), upstream.address()))) {
            HttpResponse<String> response =
                    plain.get("/v1/customers/1/orders/2", "x-tenant", "a", "grpc-timeout", "5S");

            assertThat(response.statusCode()).isEqualTo(502); // what answers is no server of gRPC
            assertThat(upstream.last().target()).isEqualTo("/shop.v1.Orders/GetOrder");
            assertThat(upstream.last().header("te")).hasValue("trailers");
            assertThat(upstream.last().header("content-type")).hasValue("application/grpc");
            assertThat(upstream.last().header("x-tenant")).hasValue("a");
            assertThat(upstream.last().header("grpc-timeout")).hasValue("5000m");
        }
    }

    @Test
    void explainsWhatItWouldCall() {
        assertThat(gateway.explain("{\"method\":\"GET\",\"url\":\"/v1/customers/1/orders/2\"}"))
                .contains("calls shop.v1.Orders.GetOrder");
    }
}
