package dev.sallyport.kernel.balance;

import dev.sallyport.api.Body;
import dev.sallyport.api.Response;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The messages of gRPC's health checking protocol, {@code grpc.health.v1.Health/Check}: so few bytes that they are written
 * and read here.
 */
final class GrpcHealth {

    static final String PATH = "/grpc.health.v1.Health/Check";

    private static final int MOST = 1024;
    private static final int HEAD = 5;
    private static final int STATUS = 0x08;
    private static final String[] STATUSES = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

    private GrpcHealth() {}

    /** {@code HealthCheckRequest {string service = 1;}} with its length before it. */
    static byte[] request(String service) throws IOException {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (name.length > 0) {
            message.write(0x0a);
            for (int left = name.length; ; left >>>= 7) {
                message.write(left < 0x80 ? left : left | 0x80);
                if (left < 0x80) {
                    break;
                }
            }
            message.writeBytes(name);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.writeInt(message.size());
        message.writeTo(out);
        return bytes.toByteArray();
    }

    /** What is wrong by {@code HealthCheckResponse {ServingStatus status = 1;}}; null where it is SERVING. */
    static @Nullable String failure(Response response) throws IOException {
        try (Body body = response.body();
                InputStream in = body.open()) {
            byte[] bytes = in.readNBytes(MOST);
            String code = response.headers().get("grpc-status", body.trailers().get("grpc-status", ""));
            if (response.status() != 200 || !code.equals("0")) {
                return code.isEmpty() ? "status " + response.status() : "grpc-status " + code;
            }
            int status = bytes.length >= HEAD + 2 && bytes[HEAD] == STATUS ? bytes[HEAD + 1] : 0;
            return status == 1 ? null : status < STATUSES.length && status >= 0 ? STATUSES[status] : "status " + status;
        }
    }
}
