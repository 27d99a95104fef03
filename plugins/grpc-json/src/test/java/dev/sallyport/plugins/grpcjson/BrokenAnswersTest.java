package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a server sends that is no answer, or no message: 502 with the place, and never more than the limit in memory. */
final class BrokenAnswersTest {

    private static final byte[] ORDER = {0x0a, 1, 'a'}; // name: "a"

    private static FakeContext context;
    private static Filter filter;

    @BeforeAll
    static void make() {
        context = FakeContext.create();
        filter = new GrpcJsonFactory().create(Configs.shop(Unmatched.REFUSE), context);
    }

    @AfterAll
    static void close() throws Exception {
        filter.close();
        context.close();
    }

    private static Response answer(String path, byte[] body, Headers trailers, String... headers) throws Exception {
        Request request = Requests.get(path).build();
        Headers head = Headers.of("content-type", "application/grpc");
        for (int i = 0; i < headers.length; i += 2) {
            head = head.with(headers[i], headers[i + 1]);
        }
        Response sent = Response.of(200, head, Body.of(body).mapTrailers(_ -> trailers));
        return filter.handle(request, _ -> sent);
    }

    private static String single(byte[] body, String... headers) throws Exception {
        Response response = answer("/v1/customers/1/orders/2", body, Headers.of("grpc-status", "0"), headers);
        assertThat(response.status()).isEqualTo(502);
        return response.body().text(10_000);
    }

    private static byte[] frames(byte[]... messages) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            frames.writeBytes(Frames.framed(message));
        }
        return frames.toByteArray();
    }

    @Test
    void tellsTheByteWhereAMessageIsNone() throws Exception {
        assertThat(single(frames(new byte[] {0x0a, 1, 'a', 0x0f})))
                .contains("grpc-answer-invalid", "message 1, at byte 4 of it: is no shop.v1.Order");
        assertThat(single(frames(new byte[] {0x0a, 1, (byte) 0xff})))
                .contains("message 1, at byte 2 of it"); // no UTF-8
        assertThat(single(frames(new byte[] {0x0a, 100, 'a'}))).contains("of it: is no shop.v1.Order");
    }

    @Test
    void tellsTheByteWhereFramesAreNone() throws Exception {
        assertThat(single(new byte[] {0, 0, 0})).contains("message 1, at byte 0: ends within the head of a message");
        assertThat(single(new byte[] {7, 0, 0, 0, 0})).contains("no message begins here");
        assertThat(single(new byte[] {0, 0, 0, 0, 9, 1})).contains("ends within a message");
        assertThat(single(new byte[] {0, 127, -1, -1, -1})).contains("a message of 2147483647 bytes");
        assertThat(single(new byte[] {1, 0, 0, 0, 0})).contains("a compressed message");
        assertThat(single(frames(ORDER, ORDER))).contains("message 2: one is expected");
        assertThat(single(new byte[0])).contains("no message, though the call has succeeded");
    }

    @Test
    void takesNoMoreOfACompressedMessageThanTheLimit() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bomb)) {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 50; i++) {
                zipped.write(zeros);
            }
        }
        byte[] frame = Frames.framed(bomb.toByteArray());
        frame[0] = 1;

        assertThat(single(frame, "grpc-encoding", "gzip")).contains("more than 4194304 bytes without its compression");
        byte[] broken = Frames.framed(ORDER);
        broken[0] = 1;
        assertThat(single(broken, "grpc-encoding", "gzip")).contains("a message that is not gzip");
    }

    @Test
    void answers502WithoutAStatusOrWithAnotherType() throws Exception {
        Response none = answer("/v1/customers/1/orders/2", frames(ORDER), Headers.empty());
        assertThat(none.status()).isEqualTo(502);
        assertThat(none.body().text(10_000)).contains("ends without grpc-status");

        Response html =
                answer("/v1/customers/1/orders/2", "hi".getBytes(), Headers.empty(), "content-type", "text/html");
        assertThat(html.status()).isEqualTo(502);
    }

    @Test
    void endsAStreamByAnErrorWhereALaterMessageIsNone() throws Exception {
        Response response =
                answer("/v1/customers/1/orders", frames(ORDER, new byte[] {0x0f}), Headers.of("grpc-status", "0"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().text(10_000))
                .startsWith("{\"name\":\"a\"}\n{\"error\":{")
                .contains("message 2, at byte 1 of it");
    }

    @Test
    void readsDeepMessagesNoDeeperThanProtobufDoes() throws Exception {
        byte[] groups = new byte[100_000];
        Arrays.fill(groups, (byte) 0x7b); // start of group 15
        assertThat(single(frames(groups))).contains("grpc-answer-invalid");
    }

    @Test
    void neverFailsOtherwise() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 5_000; i++) {
            byte[] body = frames(ORDER, ORDER);
            for (int j = random.nextInt(4); j >= 0; j--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            Response response = answer(
                    i % 2 == 0 ? "/v1/customers/1/orders" : "/v1/customers/1/orders/2",
                    body,
                    Headers.of("grpc-status", Integer.toString(random.nextInt(20))));
            assertThat(response.body().text(100_000)).isNotNull();
            assertThat(response.status()).isIn(200, 400, 401, 403, 404, 409, 429, 499, 500, 501, 502, 503, 504);
        }
    }
}
