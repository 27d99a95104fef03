package dev.sallyport.plugins.grpcweb;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client of gRPC-Web, as a browser's library is one: over HTTP/1.1, trailers within the body. */
final class WebClient implements AutoCloseable {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI gateway;
    private final boolean text;

    WebClient(URI gateway, boolean text) {
        this.gateway = gateway;
        this.text = text;
    }

    /** What came back. */
    record Answer(HttpResponse<byte[]> response, List<byte[]> messages, Map<String, String> trailers) {

        int status() {
            return Integer.parseInt(trailers.getOrDefault("grpc-status", "-1"));
        }

        String message() {
            return URLDecoder.decode(
                    trailers.getOrDefault("grpc-message", "").replace("+", "%2b"), StandardCharsets.UTF_8);
        }

        <M> M only(Parser<M> parser) {
            if (messages.size() != 1) {
                throw new AssertionError(messages.size() + " messages; " + trailers);
            }
            return parsed(parser).getFirst();
        }

        <M> List<M> parsed(Parser<M> parser) {
            List<M> parsed = new ArrayList<>();
            for (byte[] message : messages) {
                try {
                    parsed.add(parser.parseFrom(message));
                } catch (InvalidProtocolBufferException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return parsed;
        }
    }

    Answer call(String method, List<? extends MessageLite> messages, String... headers) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (MessageLite message : messages) {
            byte[] bytes = message.toByteArray();
            byte[] frame = ByteBuffer.allocate(5 + bytes.length)
                    .put((byte) 0)
                    .putInt(bytes.length)
                    .put(bytes)
                    .array();
            body.writeBytes(text ? Base64.getEncoder().encode(frame) : frame); // each padded on its own
        }
        return send(method, body.toByteArray(), headers);
    }

    Answer send(String method, byte[] body, String... headers) {
        String type = text ? "application/grpc-web-text" : "application/grpc-web+proto";
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.resolve("/grpc.testing." + method))
                .header("Content-Type", type)
                .header("X-Grpc-Web", "1")
                .POST(BodyPublishers.ofByteArray(body));
        if (text) {
            request.header("Accept", type);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return answer(http.send(request.build(), BodyHandlers.ofByteArray()), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer answer(HttpResponse<byte[]> response, String type) {
        if (!response.headers().firstValue("content-type").orElse("").equals(type)) {
            throw new AssertionError(response + " " + response.headers().map());
        }
        ByteBuffer body = ByteBuffer.wrap(text ? decoded(response.body()) : response.body());
        List<byte[]> messages = new ArrayList<>();
        Map<String, String> trailers = new LinkedHashMap<>();
        while (body.hasRemaining()) {
            byte flag = body.get();
            byte[] message = new byte[body.getInt()];
            body.get(message);
            if ((flag & 0x80) == 0) {
                messages.add(message);
            } else {
                for (String line : new String(message, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
                    if (!line.isEmpty()) {
                        trailers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
                    }
                }
            }
        }
        return new Answer(response, messages, trailers);
    }

    /** Pieces, each padded on its own. */
    private static byte[] decoded(byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length; i += 4) {
            bytes.writeBytes(Base64.getDecoder().decode(java.util.Arrays.copyOfRange(text, i, i + 4)));
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        http.close();
    }
}
