package dev.sallyport.kernel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The bytes are those of gRPC's own client and server. */
final class GrpcHealthTest {

    private static Response answer(String status, int... message) {
        byte[] bytes = new byte[5 + message.length];
        bytes[4] = (byte) message.length;
        for (int i = 0; i < message.length; i++) {
            bytes[5 + i] = (byte) message[i];
        }
        Body body = Body.of(new ByteArrayInputStream(bytes), -1).mapTrailers(none -> Headers.of("grpc-status", status));
        return Response.of(200, Headers.empty(), body);
    }

    @Test
    void asksAboutAllOrOneService() throws IOException {
        assertThat(GrpcHealth.request("")).containsExactly(0, 0, 0, 0, 0);
        assertThat(GrpcHealth.request("abc")).containsExactly(0, 0, 0, 0, 5, 0x0a, 3, 'a', 'b', 'c');
        assertThat(GrpcHealth.request("x".repeat(300))).startsWith(0, 0, 0, 1, 47, 0x0a, 0xac, 2);
    }

    @Test
    void onlyServingIsWell() throws IOException {
        assertThat(GrpcHealth.failure(answer("0", 0x08, 1))).isNull();
        assertThat(GrpcHealth.failure(answer("0", 0x08, 2))).isEqualTo("NOT_SERVING");
        assertThat(GrpcHealth.failure(answer("0"))).isEqualTo("UNKNOWN");
        assertThat(GrpcHealth.failure(answer("12"))).isEqualTo("grpc-status 12");
        assertThat(GrpcHealth.failure(Response.of(200, Headers.of("grpc-status", "5"), Body.empty())))
                .isEqualTo("grpc-status 5");
        assertThat(GrpcHealth.failure(Response.of(404))).isEqualTo("status 404");
    }
}
