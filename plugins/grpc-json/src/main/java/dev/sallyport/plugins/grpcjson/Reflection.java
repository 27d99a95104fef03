package dev.sallyport.plugins.grpcjson;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.Code;
import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Next;
import dev.sallyport.api.Request;
import dev.sallyport.api.RequestTarget;
import dev.sallyport.api.Response;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Asks servers what they serve (grpc/reflection/v1/reflection.proto, whose messages v1alpha shares). Its few fields are read
 * by their numbers.
 */
final class Reflection {

    private static final List<String> VERSIONS = List.of("v1", "v1alpha");
    private static final int MOST_ROUNDS = 50;
    private static final int MOST_FILES = 5_000;
    private static final int MOST_OF_A_FILE = 16 * 1024 * 1024;

    // Of a question.
    private static final int FILE_BY_NAME = 3;
    private static final int FILE_OF_SYMBOL = 4;
    private static final int LIST = 7;
    // Of an answer.
    private static final int FILES = 4;
    private static final int SERVICES = 6;
    private static final int ERROR = 7;

    private final Request request;
    private final Next next;
    private final Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    private String version = VERSIONS.getFirst();
    private long bytes;

    private Reflection(Request request, Next next) {
        this.request = request;
        this.next = next;
    }

    /**
     * Reads all that is served.
     *
     * @param next the way to the server; called several times
     * @throws Exception where it cannot be had
     */
    static Api read(Request request, Next next, GrpcJsonConfig config, Consumer<DescriptionException> bad)
            throws Exception {
        Reflection reflection = new Reflection(request, next);
        Set<String> services = new LinkedHashSet<>(config.services());
        List<String> listed = reflection.list();
        if (services.isEmpty()) {
            listed.stream().filter(name -> !name.startsWith("grpc.reflection.")).forEach(services::add);
        }
        reflection.readFiles(FILE_OF_SYMBOL, services);
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Set<String> missing = reflection.missing();
            if (missing.isEmpty()) {
                return Api.of(DescriptorSets.link(reflection.files.values()), services, config, bad);
            }
            reflection.readFiles(FILE_BY_NAME, missing);
        }
        throw new DescriptionException("its files import more and more of each other");
    }

    private List<String> list() throws Exception {
        for (String one : VERSIONS) {
            version = one;
            List<UnknownFieldSet> answers = ask(List.of(question(LIST, "*")));
            if (!answers.isEmpty()) {
                List<String> names = new ArrayList<>();
                for (ByteString list : parts(answers.getFirst(), SERVICES)) {
                    for (ByteString service : parts(UnknownFieldSet.parseFrom(list), 1)) {
                        parts(UnknownFieldSet.parseFrom(service), 1).forEach(name -> names.add(name.toStringUtf8()));
                    }
                }
                return names;
            }
        }
        throw new DescriptionException("the server has none (grpc.reflection.v1 or v1alpha)");
    }

    private void readFiles(int by, Set<String> names) throws Exception {
        if (names.isEmpty()) {
            return;
        }
        List<String> asked = List.copyOf(names);
        List<UnknownFieldSet> answers =
                ask(asked.stream().map(name -> question(by, name)).toList());
        if (answers.size() != asked.size()) {
            throw new DescriptionException(asked.size() + " questions got " + answers.size() + " answers");
        }
        int before = files.size();
        for (int i = 0; i < answers.size(); i++) {
            for (ByteString error : parts(answers.get(i), ERROR)) {
                throw new DescriptionException(asked.get(i) + ": "
                        + String.join(
                                ", ",
                                parts(UnknownFieldSet.parseFrom(error), 2).stream()
                                        .map(ByteString::toStringUtf8)
                                        .toList()));
            }
            for (ByteString found : parts(answers.get(i), FILES)) {
                for (ByteString file : parts(UnknownFieldSet.parseFrom(found), 1)) {
                    FileDescriptorProto parsed = DescriptorSets.parse(file.toByteArray());
                    files.putIfAbsent(parsed.getName(), parsed);
                }
            }
        }
        if (files.size() == before || files.size() > MOST_FILES) {
            throw new DescriptionException(
                    files.size() > MOST_FILES ? "more than " + MOST_FILES + " files" : "no file for " + asked);
        }
    }

    private Set<String> missing() {
        Set<String> missing = new LinkedHashSet<>();
        for (FileDescriptorProto file : files.values()) {
            for (String imported : file.getDependencyList()) {
                if (!files.containsKey(imported) && !KnownFiles.BY_NAME.containsKey(imported)) {
                    missing.add(imported);
                }
            }
        }
        return missing;
    }

    /** The answers to some questions; none where the server does not know of this version. */
    private List<UnknownFieldSet> ask(List<byte[]> questions) throws Exception {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        questions.forEach(question -> sent.writeBytes(Frames.framed(question)));
        Headers headers = Metadata.ofCall(request.headers(), null);
        Response response = next.proceed(request.withMethod("POST")
                .withTarget(new RequestTarget(
                        "/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo", null))
                .withHeaders(headers)
                .withBody(Body.of(sent.toByteArray())));
        try (Body body = response.body();
                InputStream in = body.open()) {
            if (!Answering.isGrpc(response.headers())) {
                throw new DescriptionException("status " + response.status() + " of what is no server of gRPC");
            }
            List<UnknownFieldSet> answers = new ArrayList<>();
            Frames frames = new Frames(in, MOST_OF_A_FILE, response.headers().get("grpc-encoding", "identity"));
            for (byte[] answer = frames.next(); answer != null; answer = frames.next()) {
                bytes += answer.length;
                if (bytes > DescriptorSets.LIMIT) {
                    throw new DescriptionException("more than " + DescriptorSets.LIMIT + " bytes");
                }
                answers.add(parsed(answer));
            }
            GrpcStatus status = Answering.ended(body.trailers(), GrpcStatus.of(response.headers()));
            if (status.code() == Code.UNIMPLEMENTED) {
                return List.of();
            }
            if (!status.isOk()) {
                throw new DescriptionException(status.code() + " " + status.message());
            }
            return answers;
        }
    }

    private static UnknownFieldSet parsed(byte[] answer) throws DescriptionException {
        try {
            return UnknownFieldSet.parseFrom(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new DescriptionException("an answer is no protobuf");
        }
    }

    private static byte[] question(int field, String value) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        field,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(value))
                                .build())
                .build()
                .toByteArray();
    }

    private static List<ByteString> parts(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList();
    }
}
