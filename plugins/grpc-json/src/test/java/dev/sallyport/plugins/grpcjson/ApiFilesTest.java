package dev.sallyport.plugins.grpcjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.sallyport.api.Body;
import dev.sallyport.api.Filter;
import dev.sallyport.api.Headers;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unknown;
import dev.sallyport.plugins.grpcjson.GrpcJsonConfig.Unmatched;
import dev.sallyport.testkit.FakeContext;
import dev.sallyport.testkit.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptions in files: read when the step is made, and again when they change. */
final class ApiFilesTest {

    @TempDir
    Path folder;

    private final FakeContext context = FakeContext.create();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    private Filter filter(Description from) {
        return new GrpcJsonFactory().create(Configs.of(from, Unmatched.REFUSE, Unknown.IGNORE), context);
    }

    private Path set(boolean whole) throws IOException {
        FileDescriptorSet.Builder set =
                FileDescriptorSet.newBuilder().addFile(GrpcServer.file().toProto());
        for (FileDescriptor imported : GrpcServer.file().getDependencies()) {
            if (whole) {
                set.addFile(imported.toProto());
            }
        }
        return Files.write(folder.resolve("shop.pb"), set.build().toByteArray());
    }

    private static int status(Filter filter, String path) throws Exception {
        return filter.handle(
                        Requests.get(path).build(),
                        _ -> Response.of(
                                200,
                                Headers.of("content-type", "application/grpc"),
                                Body.of(Frames.framed(new byte[0])).mapTrailers(_ -> Headers.of("grpc-status", "0"))))
                .status();
    }

    @Test
    void readsADescriptorSetWithAndWithoutGooglesFiles() throws Exception {
        for (boolean whole : new boolean[] {true, false}) {
            Filter filter = filter(new Description.Descriptors(set(whole)));

            assertThat(status(filter, "/v1/customers/1/orders/2?nobodyKnows=this"))
                    .isEqualTo(200);
            assertThat(filter.state().toString()).contains("shop.v1.Orders", "methods=6");
        }
    }

    @Test
    void refusesWhatIsNoDescription() throws Exception {
        Path text = Files.writeString(folder.resolve("text.pb"), "no set");
        assertThatThrownBy(() -> filter(new Description.Descriptors(text)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not a descriptor set");
        assertThatThrownBy(() -> filter(new Description.Descriptors(folder.resolve("none.pb"))))
                .hasMessageContaining("cannot be read");

        FileDescriptorSet lacks = FileDescriptorSet.newBuilder()
                .addFile(FileDescriptorProto.newBuilder().setName("a.proto").addDependency("b.proto"))
                .build();
        Path alone = Files.write(folder.resolve("alone.pb"), lacks.toByteArray());
        assertThatThrownBy(() -> filter(new Description.Descriptors(alone)))
                .hasMessageContaining(
                        "b.proto: is imported, and not there; protoc takes it along with --include_imports");
    }

    @Test
    void readsFilesAgainWhenTheyHaveChangedAndKeepsWhatItKnowsWhereTheyAreWrong() throws Exception {
        Files.createDirectories(folder.resolve("shop/v1"));
        Path file = folder.resolve("shop/v1/orders.proto");
        String proto = Files.readString(Path.of("src/test/resources/shop/v1/orders.proto"));
        Files.writeString(file, proto);
        Filter filter = filter(new Description.Protos(List.of("shop/v1/orders.proto"), List.of(folder)));
        assertThat(status(filter, "/v2/customers/1/orders/2")).isEqualTo(404);

        Files.writeString(file, "syntax = ;");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(20)));
        await().until(() -> filter.state().containsKey("failure"));
        assertThat(status(filter, "/v1/customers/1/orders/2")).isEqualTo(200);

        Files.writeString(
                file, proto.replace("/v1/{name=customers/*/orders/*}\"", "/v2/{name=customers/*/orders/*}\""));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(10)));
        await().until(() -> status(filter, "/v2/customers/1/orders/2") == 200);
        assertThat(filter.state()).doesNotContainKey("failure");
    }

    @Test
    void readsAFileAgainWhenWhatItImportsComesLater() throws Exception {
        Path file = folder.resolve("late.proto");
        String services = "service S { rpc A(M) returns (M); ";
        Files.writeString(file, "syntax = \"proto3\"; message M {} " + services + "}");
        Filter filter = filter(new Description.Protos(List.of("late.proto"), List.of(folder)));

        Files.writeString(
                file,
                "syntax = \"proto3\"; import \"other.proto\"; message M {} " + services + "rpc B(M) returns (O); }");
        await().until(() -> filter.state().containsKey("failure"));
        Files.writeString(folder.resolve("other.proto"), "syntax = \"proto3\"; message O {}");

        await().until(() -> filter.state().toString().contains("methods=2"));
        assertThat(filter.state()).doesNotContainKey("failure");
    }

    @Test
    void tellsWhichServicesThereAreWhereOneIsNot() throws Exception {
        FileDescriptor file = GrpcServer.file();
        GrpcJsonConfig config = Configs.shop(Unmatched.REFUSE);

        assertThatThrownBy(() -> Api.of(List.of(file), List.of("shop.v1.Order"), config, _ -> {}))
                .hasMessage("shop.v1.Order: is not described (expected: one of [shop.v1.Orders])");
    }
}
