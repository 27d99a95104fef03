package dev.sallyport.kernel.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every YAML that the project has. */
final class Seeds {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml[^\n]*\n(.*?)^```");

    private Seeds() {}

    static List<String> all() throws IOException {
        Set<String> seeds = new LinkedHashSet<>();
        for (Path file : files("docs", "plugins", "plugin-api", "platform", "README.md")) {
            Matcher block = BLOCK.matcher(Files.readString(file));
            while (block.find()) {
                seeds.add(block.group(1));
            }
        }
        for (String folder : List.of("distribution/src/main", "platform/kernel/src/test/resources")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
                for (Path file : all.filter(path -> path.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    seeds.addAll(List.of(Files.readString(file).split("(?m)^=== quiet\n")));
                }
            }
        }
        for (BrokenConfigs.Case broken : BrokenConfigs.all()) {
            broken.contents().values().forEach(bytes -> seeds.add(new String(bytes, StandardCharsets.UTF_8)));
        }
        return seeds.stream().filter(seed -> seed.length() < 20_000).toList();
    }

    private static List<Path> files(String... names) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String name : names) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(name))) {
                found.addAll(all.filter(path -> path.toString().endsWith(".md")
                                && !path.toString().contains("target"))
                        .sorted()
                        .toList());
            }
        }
        return found;
    }
}
