package dev.sallyport.kernel.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.kernel.Gateway;
import dev.sallyport.kernel.deploy.ReloadResult;
import dev.sallyport.kernel.log.GatewayLog;
import dev.sallyport.kernel.plugin.OwnerOnly;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** While a gateway serves, each broken configuration is refused with the messages of the table, and the old one serves on. */
final class BrokenReloadsTest {

    private static final String GOOD = """
        listeners: [{name: web, address: "127.0.0.1:0"}]
        admin: {address: "127.0.0.1:0"}
        status: {address: "127.0.0.1:0"}
        routes: [{name: good, plugins: [{acme/stamp: {header: x-route}}]}]
        """;

    /** Refused whatever stands in the includes, which are written one after the other. */
    private static final String UNDER_WAY = "]";

    @TempDir
    static Path home;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Gateway gateway;

    @BeforeAll
    static void start() throws Exception {
        BrokenConfigs.surroundings(home);
        OwnerOnly.createFolder(home.resolve("plugins"));
        SamplePlugin.install(home.resolve("plugins"));
        Files.writeString(main(), GOOD.replace("good", "first"));
        gateway = Gateway.start(main(), home, GatewayLog.untouched());
        Files.writeString(main(), GOOD);
        assertThat(gateway.reload("test").applied()).isTrue();
        assertThat(route()).isEqualTo("good");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        CLIENT.close();
    }

    static Stream<BrokenConfigs.Case> cases() {
        return BrokenConfigs.all().stream().filter(BrokenConfigs.Case::isRefused);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refusesItAndServesOn(BrokenConfigs.Case broken) throws Exception {
        Files.writeString(main(), UNDER_WAY);
        removeIncludes();
        for (Map.Entry<String, byte[]> file : broken.contents().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(name -> name.equals("conf/gateway.yaml"))))
                .toList()) {
            Path path = home.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }

        ReloadResult result = gateway.reload("test");

        assertThat(result.applied()).isFalse();
        assertThat(result.generation())
                .isEqualTo(gateway.history().newestFirst().getFirst().number());
        assertThat(messages(result)).isEqualTo(messages(broken));
        assertThat(gateway.degraded()).anyMatch(line -> line.startsWith("the last change was refused: "));
        assertThat(route()).isEqualTo("good");
    }

    private static List<String> messages(BrokenConfigs.Case broken) {
        return broken.messages()
                .lines()
                .filter(line -> !line.startsWith("lint "))
                .toList();
    }

    private static List<String> messages(ReloadResult result) {
        String root = home.toAbsolutePath().toString();
        return result.problems().stream()
                .map(Folder::text)
                .map(message -> message.replace(root, "HOME"))
                .toList();
    }

    private static Path main() throws IOException {
        return Files.createDirectories(home.resolve("conf")).resolve("gateway.yaml");
    }

    private static void removeIncludes() throws IOException {
        try (Stream<Path> all = Files.walk(home.resolve("conf"))) {
            for (Path path : all.filter(Files::isRegularFile)
                    .filter(path -> !path.endsWith("gateway.yaml") && !path.endsWith("near"))
                    .toList()) {
                Files.delete(path);
            }
        }
    }

    private static String route() throws IOException, InterruptedException {
        URI uri = URI.create("http://" + gateway.addresses().get("web") + "/");
        HttpResponse<String> response =
                CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.headers().firstValue("x-route").orElse("none");
    }
}
