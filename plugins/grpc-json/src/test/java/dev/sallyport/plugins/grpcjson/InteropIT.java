package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sallyport.testgateway.TestGateway;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The cases of gRPC's interoperability tests (<a
 * href="https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md">their descriptions</a>) as a client of
 * HTTP and JSON meets them, against gRPC's own test service, which is known by its reflection.
 */
final class InteropIT {

    private static final String SERVICE = "/grpc.testing.TestService/";

    private static GrpcServer server;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        server = GrpcServer.start();
        gateway = TestGateway.with(TestGateway.builtJar()).start("""
            upstreams: {calls: {targets: ["%s"], protocol: h2}}
            routes: [{name: all, plugins: [{grpc-json: {from: {reflection: {}}}}], upstream: calls}]
            """.formatted(server.address()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        server.close();
    }

    private static HttpResponse<String> call(String method, String type, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.address().resolve(SERVICE + method))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return gateway.send(request.build());
    }

    private static JsonObject json(String body) {
        return JsonParser.parseString(body).getAsJsonObject();
    }

    private static String zeros(int size) {
        return Base64.getEncoder().encodeToString(new byte[size]);
    }

    private static int sizeOfBody(JsonObject message) {
        return Base64.getDecoder()
                .decode(message.getAsJsonObject("payload").get("body").getAsString())
                .length;
    }

    @Test
    void emptyUnary() {
        HttpResponse<String> response = call("EmptyCall", "application/json", "{}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{}");
        assertThat(call("EmptyCall", "application/json", "").body()).isEqualTo("{}");
    }

    @Test
    void largeUnary() {
        HttpResponse<String> response = call(
                "UnaryCall",
                "application/json",
                "{\"responseSize\":314159,\"payload\":{\"body\":\"" + zeros(271_828) + "\"}}");

        assertThat(sizeOfBody(json(response.body()))).isEqualTo(314_159);
    }

    @Test
    void serverCompressedUnary() {
        HttpResponse<String> response = call(
                "UnaryCall",
                "application/json",
                "{\"responseCompressed\":{\"value\":true},\"responseSize\":314159,\"payload\":{\"body\":\""
                        + zeros(271_828) + "\"}}");

        assertThat(sizeOfBody(json(response.body()))).isEqualTo(314_159);
    }

    @Test
    void clientStreaming() {
        StringBuilder messages = new StringBuilder();
        for (int size : new int[] {27_182, 8, 1_828, 45_904}) {
            messages.append("{\"payload\":{\"body\":\"").append(zeros(size)).append("\"}}\n");
        }

        assertThat(call("StreamingInputCall", "application/x-ndjson", messages.toString())
                        .body())
                .isEqualTo("{\"aggregatedPayloadSize\":74922}");
    }

    @Test
    void serverStreaming() {
        for (String compressed : new String[] {"", ",\"compressed\":{\"value\":true}"}) {
            String parameters =
                    "{\"responseParameters\":[{\"size\":31415%1$s},{\"size\":9},{\"size\":2653%1$s},{\"size\":58979}]}"
                            .formatted(compressed);

            List<String> lines = call("StreamingOutputCall", "application/json", parameters)
                    .body()
                    .lines()
                    .toList();

            assertThat(lines.stream().map(line -> sizeOfBody(json(line)))).containsExactly(31_415, 9, 2_653, 58_979);
        }
    }

    @Test
    void pingPong() {
        StringBuilder messages = new StringBuilder("[");
        int[][] sizes = {{31_415, 27_182}, {9, 8}, {2_653, 1_828}, {58_979, 45_904}};
        for (int[] size : sizes) {
            messages.append(messages.length() == 1 ? "" : ",")
                    .append("{\"responseParameters\":[{\"size\":%d}],\"payload\":{\"body\":\"%s\"}}"
                            .formatted(size[0], zeros(size[1])));
        }

        List<String> lines = call("FullDuplexCall", "application/json", messages + "]")
                .body()
                .lines()
                .toList();

        assertThat(lines.stream().map(line -> sizeOfBody(json(line)))).containsExactly(31_415, 9, 2_653, 58_979);
    }

    @Test
    void emptyStream() {
        HttpResponse<String> response =
                call("FullDuplexCall", "application/x-ndjson", "", "Accept", "application/json");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("[]");
    }

    @Test
    void customMetadata() {
        String binary = Base64.getEncoder()
                .withoutPadding()
                .encodeToString(new byte[] {(byte) 0xab, (byte) 0xab, (byte) 0xab, 1});

        for (String method : new String[] {"UnaryCall", "FullDuplexCall"}) {
            HttpResponse<String> response = call(
                    method,
                    "application/json",
                    method.equals("UnaryCall") ? "{}" : "[{\"responseParameters\":[{\"size\":1}]}]",
                    "x-grpc-test-echo-initial",
                    "test_initial_metadata_value",
                    "x-grpc-test-echo-trailing-bin",
                    binary);

            assertThat(response.headers().firstValue("x-grpc-test-echo-initial"))
                    .hasValue("test_initial_metadata_value");
            if (method.equals("UnaryCall")) { // a stream's come after it, as HTTP trailers
                assertThat(response.headers()
                                .firstValue("x-grpc-test-echo-trailing-bin")
                                .orElseThrow())
                        .satisfies(value -> assertThat(Base64.getDecoder().decode(value))
                                .isEqualTo(Base64.getDecoder().decode(binary)));
            }
        }
        assertThat(call("UnaryCall", "application/json", "{}", "x-a-bin", "no base64!")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void statusCodeAndMessage() {
        String status = "{\"responseStatus\":{\"code\":2,\"message\":\"test status message\"}}";

        for (HttpResponse<String> response : List.of(
                call("UnaryCall", "application/json", status),
                call("FullDuplexCall", "application/x-ndjson", status))) {
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(json(response.body()).get("grpc-status").getAsInt()).isEqualTo(2);
            assertThat(json(response.body()).get("type").getAsString()).isEqualTo("urn:sallyport:problem:grpc-unknown");
            assertThat(json(response.body()).get("detail").getAsString()).isEqualTo("test status message");
        }
    }

    @Test
    void specialStatusMessage() {
        String message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP \uD83D\uDE08\t\n";
        JsonObject status = new JsonObject();
        status.addProperty("code", 2);
        status.addProperty("message", message);
        JsonObject request = new JsonObject();
        request.add("responseStatus", status);

        HttpResponse<String> response = call("UnaryCall", "application/json", request.toString());

        assertThat(json(response.body()).get("detail").getAsString()).isEqualTo(message);
    }

    @Test
    void unimplementedMethodAndService() {
        HttpResponse<String> response = call("UnimplementedCall", "application/json", "{}");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(json(response.body()).get("grpc-code").getAsString()).isEqualTo("UNIMPLEMENTED");
        HttpResponse<String> service = gateway.send(HttpRequest.newBuilder(
                        gateway.address().resolve("/grpc.testing.UnimplementedService/UnimplementedCall"))
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertThat(service.statusCode()).isEqualTo(404); // it is not described
    }

    @Test
    void timeoutOnSleepingServer() {
        HttpResponse<String> response = call(
                "FullDuplexCall",
                "application/json",
                "[{\"responseParameters\":[{\"size\":1,\"intervalUs\":5000000}]}]",
                "grpc-timeout",
                "200m");

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(json(response.body()).get("type").getAsString())
                .isEqualTo("urn:sallyport:problem:grpc-deadline-exceeded");
    }
}
