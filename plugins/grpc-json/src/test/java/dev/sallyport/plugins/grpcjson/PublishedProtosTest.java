package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.pubsub.v1.PubsubProto;
import com.google.pubsub.v1.SchemaProto;
import com.google.rpc.context.AttributeContextProto;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unknown;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the gateway's compiler makes of published files is what protoc has made of them. */
final class PublishedProtosTest {

    @TempDir
    Path folder;

    static Stream<FileDescriptor> files() {
        return Stream.of(
                PubsubProto.getDescriptor(), SchemaProto.getDescriptor(), AttributeContextProto.getDescriptor());
    }

    private FileDescriptor compiled(FileDescriptor file) throws IOException, DescriptionException {
        Path copy = folder.resolve(file.getName());
        Files.createDirectories(copy.resolveSibling(""));
        for (FileDescriptor one :
                Stream.concat(Stream.of(file), file.getDependencies().stream()).toList()) {
            try (InputStream in = getClass().getClassLoader().getResourceAsStream(one.getName())) {
                if (one.getName().startsWith("google/pubsub/") || one.equals(file)) {
                    Path to = folder.resolve(one.getName());
                    Files.createDirectories(to.resolveSibling(""));
                    Files.write(to, in.readAllBytes());
                }
            }
        }
        return ProtoFiles.compile(new Description.Protos(List.of(file.getName()), List.of(folder))).files().stream()
                .filter(one -> one.getName().equals(file.getName()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("files")
    void areCompiledAsProtocDoes(FileDescriptor file) throws Exception {
        FileDescriptorProto made = canonical(compiled(file).toProto());

        assertThat(made.toString()).isEqualTo(canonical(file.toProto()).toString());
    }

    /** Names in JSON, which compilers write or leave to be derived, and options that say nothing. */
    private static FileDescriptorProto canonical(FileDescriptorProto file) throws IOException {
        FileDescriptorProto.Builder canonical =
                DescriptorSets.parse(file.toByteArray()).toBuilder().clearOptions();
        canonical.getMessageTypeBuilderList().forEach(PublishedProtosTest::canonical);
        for (ServiceDescriptorProto.Builder service : canonical.getServiceBuilderList()) {
            service.clearOptions();
            for (MethodDescriptorProto.Builder method : service.getMethodBuilderList()) {
                var rule = method.getOptions().getExtension(AnnotationsProto.http);
                method.clearOptions().getOptionsBuilder().setExtension(AnnotationsProto.http, rule);
            }
        }
        return canonical.build();
    }

    private static void canonical(DescriptorProto.Builder message) {
        boolean entry = message.getOptions().getMapEntry();
        message.clearOptions();
        message.getOptionsBuilder().setMapEntry(entry);
        for (FieldDescriptorProto.Builder field : message.getFieldBuilderList()) {
            boolean packed = field.getOptions().getPacked();
            field.clearJsonName().clearOptions().getOptionsBuilder().setPacked(packed);
        }
        message.getNestedTypeBuilderList().forEach(PublishedProtosTest::canonical);
    }

    @Test
    void allRulesOfPubSubLeadToTheirMethods() throws Exception {
        GrpcJsonConfig config = Configs.of(
                new Description.Protos(List.of("x.proto"), List.of(folder)), Unmatched.REFUSE, Unknown.REFUSE);
        Api api = Api.of(List.of(PubsubProto.getDescriptor()), List.of(), config, bad -> Assertions.fail(bad));
        int rules = 0;
        for (ServiceDescriptor service : PubsubProto.getDescriptor().getServices()) {
            for (MethodDescriptor method : service.getMethods()) {
                if (!method.getOptions().hasExtension(AnnotationsProto.http)) {
                    continue;
                }
                for (Binding binding : Binding.of(method, method.getOptions().getExtension(AnnotationsProto.http))) {
                    rules++;
                    String path = "/"
                            + String.join("/", binding.template().segments()).replace("*", "x%2fy")
                            + (binding.template().verb().isEmpty()
                                    ? ""
                                    : ":" + binding.template().verb());
                    Paths.Found found = api.find(path, binding.httpMethod());
                    assertThat(found).as(path).isNotNull();
                    assertThat(found.of(binding.httpMethod())).as(path).isEqualTo(binding);
                }
            }
        }
        assertThat(rules).isGreaterThan(20);
    }

    @Test
    void tellsFileLineAndWhatIsWrong() throws Exception {
        Files.writeString(folder.resolve("bad.proto"), "syntax = \"proto3\";\nmessage A {\n  Missing b = 1;\n}\n");

        Assertions.assertThatThrownBy(
                        () -> ProtoFiles.compile(new Description.Protos(List.of("bad.proto"), List.of(folder))))
                .isInstanceOf(DescriptionException.class)
                .hasMessageContaining("Missing")
                .hasMessageContaining("bad.proto:3:3");
        Assertions.assertThatThrownBy(
                        () -> ProtoFiles.compile(new Description.Protos(List.of("none.proto"), List.of(folder))))
                .hasMessageContaining("none.proto: is in none of the roots");
        Assertions.assertThatThrownBy(() -> new Description.Protos(List.of("../a.proto"), List.of(folder)))
                .isInstanceOf(ConfigException.class);
    }
}
