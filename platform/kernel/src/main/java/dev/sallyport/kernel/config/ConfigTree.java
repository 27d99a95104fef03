package dev.sallyport.kernel.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The files of a configuration, found without judging what they say: the main one, and those that it includes. */
public final class ConfigTree {

    private ConfigTree() {}

    /**
     * Reads them all.
     *
     * @return what each says, by name relative to the main file's folder, with slashes
     * @throws IOException where one cannot be read, or an include leads out of that folder
     */
    public static Map<String, String> read(Path main) throws IOException {
        Path file = main.toAbsolutePath().normalize();
        Path folder = file.resolveSibling("");
        String name = String.valueOf(file.getFileName());
        Map<String, String> texts = new TreeMap<>();
        String text = Files.readString(file);
        texts.put(name, text);
        for (String pattern : WrittenConfig.patterns(new YamlText(name, problem -> {}).parse(text))) {
            Set<Path> found;
            try {
                found = IncludeFiles.find(folder, pattern, new TreeSet<>());
            } catch (IllegalArgumentException noPattern) {
                continue; // which the gateway will say
            }
            for (Path each : found) {
                if (!each.startsWith(folder)) {
                    throw new IOException(name + " includes " + each + " (expected: files in " + folder
                            + ", so that all can be sent); move it there");
                }
                texts.put(folder.relativize(each).toString().replace('\\', '/'), Files.readString(each));
            }
        }
        return texts;
    }
}
