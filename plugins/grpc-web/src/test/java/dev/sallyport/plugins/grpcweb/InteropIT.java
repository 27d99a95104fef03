package dev.sallyport.plugins.grpcweb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sallyport.plugins.grpcweb.WebClient.Answer;
import dev.sallyport.testgateway.TestGateway;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.BoolValue;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cases of gRPC's interoperability tests (<a
 * href="https://github.com/grpc/grpc/blob/master/doc/interop-test-descriptions.md">their descriptions</a>) as a browser meets
 * them, in both forms of gRPC-Web, against gRPC's own test service.
 */
final class InteropIT {

    private static GrpcServer server;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        server = GrpcServer.start();
        gateway = TestGateway.with(TestGateway.builtJar()).start("""
            upstreams:
              calls: {targets: ["%s"], protocol: h2}
              nobody: {targets: ["http://127.0.0.1:1"], protocol: h2}
            routes:
              - {name: all, plugins: [{grpc-web: {}}], upstream: calls}
              - {name: away, match: {paths: [/grpc.testing.Away/**]}, plugins: [{grpc-web: {}}], upstream: nobody}
            """.formatted(server.address()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        server.close();
    }

    private static WebClient client(boolean text) {
        return new WebClient(gateway.address(), text);
    }

    private static Payload payload(int size) {
        return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void emptyUnary(boolean text) {
        try (WebClient client = client(text)) {
            Answer answer = client.call("TestService/EmptyCall", List.of(Empty.getDefaultInstance()));

            assertThat(answer.only(Empty.parser())).isEqualTo(Empty.getDefaultInstance());
            assertThat(answer.status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void largeUnary(boolean text) {
        try (WebClient client = client(text)) {
            Answer answer = client.call(
                    "TestService/UnaryCall",
                    List.of(SimpleRequest.newBuilder()
                            .setResponseSize(314_159)
                            .setPayload(payload(271_828))
                            .build()));

            assertThat(answer.only(SimpleResponse.parser())
                            .getPayload()
                            .getBody()
                            .size())
                    .isEqualTo(314_159);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clientStreaming(boolean text) {
        List<StreamingInputCallRequest> messages = new ArrayList<>();
        for (int size : new int[] {27_182, 8, 1_828, 45_904}) {
            messages.add(StreamingInputCallRequest.newBuilder()
                    .setPayload(payload(size))
                    .build());
        }
        try (WebClient client = client(text)) {
            Answer answer = client.call("TestService/StreamingInputCall", messages);

            assertThat(answer.only(StreamingInputCallResponse.parser()).getAggregatedPayloadSize())
                    .isEqualTo(74_922);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverStreaming(boolean text) {
        StreamingOutputCallRequest.Builder request = StreamingOutputCallRequest.newBuilder();
        for (int size : new int[] {31_415, 9, 2_653, 58_979}) {
            request.addResponseParameters(ResponseParameters.newBuilder().setSize(size));
        }
        try (WebClient client = client(text)) {
            Answer answer = client.call("TestService/StreamingOutputCall", List.of(request.build()));

            assertThat(answer.parsed(StreamingOutputCallResponse.parser()))
                    .extracting(message -> message.getPayload().getBody().size())
                    .containsExactly(31_415, 9, 2_653, 58_979);
            assertThat(answer.status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void emptyStream(boolean text) {
        try (WebClient client = client(text)) {
            Answer answer = client.call("TestService/FullDuplexCall", List.of());

            assertThat(answer.messages()).isEmpty();
            assertThat(answer.status()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void customMetadata(boolean text) {
        String binary = Base64.getEncoder().withoutPadding().encodeToString(new byte[] {-85, -85, -85, 1});
        try (WebClient client = client(text)) {
            Answer answer = client.call(
                    "TestService/UnaryCall",
                    List.of(SimpleRequest.getDefaultInstance()),
                    "x-grpc-test-echo-initial",
                    "test_initial_metadata_value",
                    "x-grpc-test-echo-trailing-bin",
                    binary);

            assertThat(answer.response().headers().firstValue("x-grpc-test-echo-initial"))
                    .hasValue("test_initial_metadata_value");
            assertThat(Base64.getDecoder().decode(answer.trailers().get("x-grpc-test-echo-trailing-bin")))
                    .isEqualTo(new byte[] {-85, -85, -85, 1});
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void statusCodeAndSpecialMessage(boolean text) {
        String message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP \uD83D\uDE08\t\n";
        EchoStatus status =
                EchoStatus.newBuilder().setCode(2).setMessage(message).build();
        try (WebClient client = client(text)) {
            for (Answer answer : List.of(
                    client.call(
                            "TestService/UnaryCall",
                            List.of(SimpleRequest.newBuilder()
                                    .setResponseStatus(status)
                                    .build())),
                    client.call(
                            "TestService/FullDuplexCall",
                            List.of(StreamingOutputCallRequest.newBuilder()
                                    .setResponseStatus(status)
                                    .build())))) {
                assertThat(answer.response().statusCode()).isEqualTo(200);
                assertThat(answer.status()).isEqualTo(2);
                assertThat(answer.message()).isEqualTo(message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unimplementedMethodAndService(boolean text) {
        try (WebClient client = client(text)) {
            assertThat(client.call("TestService/UnimplementedCall", List.of(Empty.getDefaultInstance()))
                            .status())
                    .isEqualTo(12);
            assertThat(client.call("UnimplementedService/UnimplementedCall", List.of(Empty.getDefaultInstance()))
                            .status())
                    .isEqualTo(12);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void timeoutOnSleepingServer(boolean text) {
        StreamingOutputCallRequest slow = StreamingOutputCallRequest.newBuilder()
                .addResponseParameters(
                        ResponseParameters.newBuilder().setSize(1).setIntervalUs(5_000_000))
                .build();
        try (WebClient client = client(text)) {
            assertThat(client.call("TestService/FullDuplexCall", List.of(slow), "grpc-timeout", "200m")
                            .status())
                    .isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serverCompressedUnary(boolean text) {
        SimpleRequest request = SimpleRequest.newBuilder()
                .setResponseCompressed(BoolValue.newBuilder().setValue(true))
                .setResponseSize(314_159)
                .build();
        try (WebClient client = client(text)) {
            Answer answer = client.call("TestService/UnaryCall", List.of(request));

            assertThat(answer.status()).isZero(); // not compressed, since the client says not that it takes it
            assertThat(answer.only(SimpleResponse.parser())
                            .getPayload()
                            .getBody()
                            .size())
                    .isEqualTo(314_159);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsWhatTheGatewayItselfAnswers(boolean text) {
        try (WebClient client = client(text)) {
            HttpHead head = HttpHead.of(gateway, "/grpc.testing.Away/Call", text);

            assertThat(head.contentType()).isEqualTo(text ? "application/grpc-web-text" : "application/grpc-web+proto");
            assertThat(head.grpcStatus()).isEqualTo("14");
            assertThat(client.send("TestService/EmptyCall", "no frame".getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesWhatAreNoMessagesWithAPlace(boolean text) {
        try (WebClient client = client(text)) {
            byte[] cut = {0, 0, 0, 0, 9, 1};
            byte[] large = {0, 127, 0, 0, 0};
            byte[] wrong = {9, 0, 0, 0, 0};
            Base64.Encoder encoder = Base64.getEncoder();

            assertThat(client.send("TestService/EmptyCall", text ? encoder.encode(cut) : cut)
                            .message())
                    .isEqualTo("the body, at byte 1: ends within message 1");
            assertThat(client.send("TestService/EmptyCall", text ? encoder.encode(large) : large)
                            .status())
                    .isEqualTo(8);
            assertThat(client.send("TestService/EmptyCall", text ? encoder.encode(wrong) : wrong)
                            .message())
                    .isEqualTo("the body, at byte 0: no message begins here");
            if (text) {
                assertThat(client.send("TestService/EmptyCall", "AAAA!".getBytes(StandardCharsets.US_ASCII))
                                .message())
                        .isEqualTo("the body, at character 5: no base64");
            }
        }
    }

    private record HttpHead(String contentType, String grpcStatus) {

        static HttpHead of(TestGateway gateway, String path, boolean text) {
            var response = gateway.send(
                    java.net.http.HttpRequest.newBuilder(gateway.address().resolve(path))
                            .header("Content-Type", text ? "application/grpc-web-text" : "application/grpc-web+proto")
                            .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                            .build());
            return new HttpHead(
                    response.headers().firstValue("content-type").orElse(""),
                    response.headers().firstValue("grpc-status").orElse(""));
        }
    }
}
