package dev.sallyport.kernel.cli;

import dev.sallyport.kernel.config.ConfigTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A configuration that a command sends: a file, or a folder with the main file, what it includes, and scripts. */
final class Sent {

    private static final List<String> MAIN = List.of("gateway.yaml", "conf/gateway.yaml");

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE|DIR",
            description =
                    "The configuration to send: a main file, or a folder with gateway.yaml (or conf/gateway.yaml), the"
                            + " files that it includes, and scripts/; if not given, the gateway's own files are meant.")
    private @Nullable Path path;

    boolean isGiven() {
        return path != null;
    }

    /** It as the body of a call. */
    ObjectNode body() throws CommandException {
        Path given = path;
        if (given == null || !Files.exists(given)) {
            throw new CommandException(given + ": no such file or folder (expected: a configuration)");
        }
        ObjectNode json = JsonMapper.shared().createObjectNode();
        try {
            Path main = main(given);
            json.put("main", String.valueOf(main.getFileName()));
            ObjectNode files = json.putObject("files");
            ConfigTree.read(main).forEach(files::put);
            Path scripts = given.resolve("scripts");
            if (Files.isDirectory(scripts)) {
                add(scripts, json.putObject("scripts"));
            }
        } catch (IOException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
        return json;
    }

    private static Path main(Path given) throws CommandException {
        if (Files.isRegularFile(given)) {
            return given;
        }
        return MAIN.stream()
                .map(given::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new CommandException(given + ": no main file (expected: " + String.join(" or ", MAIN)
                        + " in it); name the file itself where it is called otherwise"));
    }

    private static void add(Path scripts, ObjectNode json) throws IOException {
        try (Stream<Path> all = Files.walk(scripts)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                Map.Entry<String, Path> named =
                        Map.entry(scripts.relativize(file).toString().replace('\\', '/'), file);
                if (Stream.of(named.getKey().split("/", -1)).noneMatch(part -> part.startsWith("."))) {
                    json.put(named.getKey(), Files.readString(named.getValue()));
                }
            }
        }
    }
}
