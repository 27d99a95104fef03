package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Problem;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.UpstreamException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the answer to a call. Immutable. */
final class Answering {

    private final Binding binding;
    private final JsonMessages json;
    private final GrpcJsonConfig config;
    private final Heavy heavy;

    Answering(Binding binding, JsonMessages json, GrpcJsonConfig config, Heavy heavy) {
        this.binding = binding;
        this.json = json;
        this.config = config;
        this.heavy = heavy;
    }

    /**
     * The answer for a client.
     *
     * @throws BadFramesException where what came is not what a server of gRPC sends
     * @throws UpstreamException where it breaks off, or pauses for too long
     * @throws IOException where the request does, whose body is still being sent
     */
    Response of(Request request, Response response) throws IOException {
        if (!isGrpc(response.headers())) {
            return foreign(request, response);
        }
        GrpcStatus atOnce = GrpcStatus.of(response.headers());
        if (atOnce != null && !atOnce.isOk()) { // a head alone
            response.body().close();
            return failed(request, atOnce, Metadata.ofAnswer(response.headers()));
        }
        Body body = response.body();
        InputStream in = body.open();
        boolean streams = false;
        try {
            Frames frames = new Frames(in, config.limit(), encoding(response.headers()));
            Response answer = binding.method().isServerStreaming()
                    ? stream(request, response, frames, in, atOnce)
                    : single(request, response, frames, atOnce);
            streams = answer.body() instanceof MessageStream;
            return answer;
        } catch (SocketTimeoutException e) {
            throw new UpstreamException(UpstreamException.Kind.RESPONSE_TIMEOUT, "the answer paused", e);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            // What is the gateway's own, or a step's, says itself what it is; what is the JDK's is the connection's.
            throw e.getClass().getName().startsWith("java.")
                    ? new UpstreamException(UpstreamException.Kind.RESET, "the answer broke off", e)
                    : e;
        } finally {
            if (!streams) {
                try (body) {
                    in.close();
                }
            }
        }
    }

    static boolean isGrpc(Headers headers) {
        String type = headers.get("content-type", "").toLowerCase(Locale.ROOT);
        return type.equals("application/grpc")
                || type.startsWith("application/grpc+proto")
                || type.startsWith("application/grpc;");
    }

    /** What a step, or a server of something else, has answered: an error is passed on, anything else is not expected. */
    private static Response foreign(Request request, Response response) {
        if (response.problem() != null || response.status() >= 300) {
            return response;
        }
        response.body().close();
        return invalid("it is no answer of gRPC: its content type is not application/grpc")
                .toResponse(request);
    }

    private static String encoding(Headers headers) {
        return headers.get("grpc-encoding", "identity").strip().toLowerCase(Locale.ROOT);
    }

    private Response single(Request request, Response response, Frames frames, @Nullable GrpcStatus atOnce)
            throws IOException {
        byte[] message = frames.next();
        if (message != null && frames.next() != null) {
            throw new BadFramesException("message 2: one is expected");
        }
        Headers trailers = response.body().trailers();
        Headers metadata = Metadata.joined(Metadata.ofAnswer(response.headers()), Metadata.ofAnswer(trailers));
        GrpcStatus status = ended(trailers, atOnce);
        if (!status.isOk()) {
            return failed(request, status, metadata);
        }
        if (message == null) {
            throw new BadFramesException("no message, though the call has succeeded");
        }
        if (binding.answersRaw()) {
            Message raw = raw(read(message, 1));
            return Response.of(200, metadata.with("Content-Type", rawType(raw)), Body.of(rawBytes(raw)));
        }
        return Response.of(200, metadata.with("Content-Type", "application/json"), Body.of(converted(message, 1)));
    }

    private Response stream(
            Request request, Response response, Frames frames, InputStream in, @Nullable GrpcStatus atOnce)
            throws IOException {
        Headers metadata = Metadata.ofAnswer(response.headers());
        byte[] first = frames.next(); // so that a call that fails before has a status of its own
        if (first == null) {
            Headers trailers = response.body().trailers();
            GrpcStatus status = ended(trailers, atOnce);
            if (!status.isOk()) {
                return failed(request, status, Metadata.joined(metadata, Metadata.ofAnswer(trailers)));
            }
        }
        AnswerForm form = binding.answersRaw()
                ? AnswerForm.RAW
                : AnswerForm.chosen(request.headers().all("accept"), config.streams());
        Headers headers = metadata.with("Content-Type", form.type());
        if (form == AnswerForm.RAW && first != null) {
            headers = headers.with("Content-Type", rawType(raw(read(first, 1))));
        } else if (form == AnswerForm.SSE && !headers.has("cache-control")) {
            headers = headers.with("Cache-Control", "no-cache");
        }
        return Response.of(200, headers, new MessageStream(this, response.body(), in, frames, form, first));
    }

    /** How the call has ended, once its end has been read. */
    static GrpcStatus ended(Headers trailers, @Nullable GrpcStatus atOnce) throws BadFramesException {
        GrpcStatus status = GrpcStatus.of(trailers);
        if (status == null && atOnce == null) {
            throw new BadFramesException("it ends without grpc-status");
        }
        return status != null ? status : Objects.requireNonNull(atOnce);
    }

    private Response failed(Request request, GrpcStatus status, Headers metadata) {
        Response answer = problem(status).toResponse(request);
        Headers headers = Metadata.joined(metadata.without("content-type").without("retry-after"), answer.headers());
        long seconds = status.retryAfter();
        if (seconds >= 0) {
            headers = headers.with("Retry-After", Long.toString(seconds));
        }
        if (answer.status() == 401 && !headers.has("www-authenticate")) {
            headers = headers.with("WWW-Authenticate", "Bearer"); // RFC 9110 §15.5.2 asks for one; gRPC has none
        }
        return answer.withHeaders(headers);
    }

    /** A call that has taken longer than its client has given it. */
    Response late(Request request) {
        return problem(new GrpcStatus(Code.DEADLINE_EXCEEDED, "", List.of())).toResponse(request);
    }

    /** A call that has failed, as a problem. */
    Problem problem(GrpcStatus status) {
        return status.problem(json);
    }

    /** What the upstream has sent is not valid. */
    static Problem invalid(String detail) {
        return new Problem(502, "grpc-answer-invalid", "Invalid answer of a gRPC service").withDetail(detail);
    }

    /**
     * Reads a message.
     *
     * @param number which one it is, from 1
     */
    Message read(byte[] bytes, long number) throws BadFramesException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        DynamicMessage.Builder message =
                DynamicMessage.newBuilder(binding.method().getOutputType());
        try {
            message.mergeFrom(in);
            in.checkLastTagWas(0);
        } catch (IOException e) {
            throw new BadFramesException("message " + number + ", at byte " + in.getTotalBytesRead() + " of it: is no "
                    + binding.method().getOutputType().getFullName());
        }
        if (!message.isInitialized()) {
            throw new BadFramesException("message " + number + ": lacks a field that "
                    + binding.method().getOutputType().getFullName() + " requires");
        }
        return message.build();
    }

    /** A message as JSON in UTF-8, without line ends. */
    byte[] converted(byte[] message, long number) throws IOException {
        return heavy.run(
                message.length, () -> written(read(message, number), number).getBytes(StandardCharsets.UTF_8));
    }

    private String written(Message message, long number) throws BadFramesException {
        try {
            return json.write(message, binding.responseBody());
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            throw new BadFramesException("message " + number + ": cannot be written as JSON: " + e.getMessage());
        } catch (StackOverflowError e) { // each Any in an Any begins to count anew
            throw new BadFramesException("message " + number + ": cannot be written as JSON: nested too deep");
        }
    }

    /** The part of a message that holds bytes of any type. */
    Message raw(Message message) {
        return binding.responseBody() == null ? message : (Message) message.getField(binding.responseBody());
    }

    static byte[] rawBytes(Message raw) {
        Descriptor type = raw.getDescriptorForType();
        return ((ByteString) raw.getField(type.findFieldByName("data"))).toByteArray();
    }

    private static String rawType(Message raw) {
        Descriptor type = raw.getDescriptorForType();
        String told = (String) raw.getField(type.findFieldByName("content_type"));
        boolean sendable = !told.isEmpty() && told.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        return sendable ? told : AnswerForm.RAW.type();
    }
}
