package dev.sallyport.kernel.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;

/** A new Maven project of a plugin: a copy of {@code kit/template} with the plugin's names in the place of its words. */
final class PluginProject {

    private static final Pattern TYPE =
            Pattern.compile("([a-z][a-z0-9]*(?:-[a-z0-9]+)*)/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)");

    private static final Pattern WORD =
            Pattern.compile("the-publisher|the-name|the_publisher|the_name|TheName|THE_VERSION|THE_KIT");

    private static final int LONGEST = 60;

    private final String publisher;
    private final String name;

    private PluginProject(String publisher, String name) {
        this.publisher = publisher;
        this.name = name;
    }

    /** One for a type of that name. */
    static PluginProject of(String type) throws CommandException {
        Matcher parts = TYPE.matcher(type);
        if (!parts.matches() || type.length() > LONGEST) {
            throw new CommandException("'" + type + "' (expected: publisher/name in kebab-case, at most " + LONGEST
                    + " characters, such as acme/quota)");
        }
        String clash = clash(parts.group(1), parts.group(2));
        if (clash != null) {
            throw new CommandException(
                    "'" + type + "' (expected: a name that tells what it does, such as acme/quota): " + clash);
        }
        return new PluginProject(parts.group(1), parts.group(2));
    }

    /** Why a project of that name could not be built; null where it can. */
    private static @Nullable String clash(String publisher, String name) {
        if (publisher.equals("java")) {
            return "packages below java are the JDK's";
        }
        if (publisher.equals("dev") && inPackage(name).equals("sallyport")) {
            return "packages below dev.sallyport are the gateway's";
        }
        if (name.equals("filter")) {
            return "the plugin API has a FilterFactory already";
        }
        if (name.equals("plugin")) {
            return "there is a PluginPageTest already, which its own is to inherit";
        }
        if (name.startsWith("test")) {
            return "Maven takes each class that is named Test… for a test, and runs it before there is a jar";
        }
        return null;
    }

    /** The plugin's id. */
    String id() {
        return publisher + "-" + name;
    }

    /**
     * Writes the project.
     *
     * @param kit the folder {@code kit} of the installation
     * @param folder where it goes: a folder that is not there, or an empty one
     * @return the files written, relative to that folder
     * @throws FileAlreadyExistsException where something is there; nothing is written then
     */
    List<Path> write(Path kit, Path folder) throws IOException {
        if (Files.exists(folder) && !(Files.isDirectory(folder) && isEmpty(folder))) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        Path template = kit.resolve("template");
        Map<String, String> words = words(kit);
        List<Path> sources;
        try (Stream<Path> all = Files.walk(template)) {
            sources = all.filter(Files::isRegularFile).sorted().toList();
        }
        List<Path> written = new ArrayList<>();
        for (Path source : sources) {
            String path = template.relativize(source).toString();
            Path file = folder.resolve(with(words, path).replaceAll("(^|[/\\\\])dot-", "$1."));
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, with(words, Files.readString(source, StandardCharsets.UTF_8)));
            if (path.equals("mvnw")) {
                file.toFile().setExecutable(true);
            }
            written.add(folder.relativize(file));
        }
        return written;
    }

    private Map<String, String> words(Path kit) throws IOException {
        return Map.of(
                "the-publisher", publisher,
                "the-name", name,
                "the_publisher", inPackage(publisher),
                "the_name", inPackage(name),
                "TheName", inClass(name),
                "THE_VERSION", version(kit),
                "THE_KIT", kit.resolve("maven").toString());
    }

    /** In one pass: what is put in may read like a word itself. */
    private static String with(Map<String, String> words, String text) {
        return WORD.matcher(text).replaceAll(word -> Matcher.quoteReplacement(words.getOrDefault(word.group(), "")));
    }

    private static String inPackage(String name) {
        String part = name.replace("-", "");
        return SourceVersion.isKeyword(part) ? part + "_" : part;
    }

    private static String inClass(String name) {
        return Arrays.stream(name.split("-"))
                .map(part -> Character.toUpperCase(part.charAt(0)) + part.substring(1))
                .collect(Collectors.joining());
    }

    /** The version of the parent that the kit holds. */
    private static String version(Path kit) throws IOException {
        Path parent = kit.resolve("maven/dev/sallyport/sallyport-plugin-parent");
        try (Stream<Path> versions = Files.list(parent)) {
            return versions.filter(Files::isDirectory)
                    .map(version -> version.getFileName().toString())
                    .findFirst()
                    .orElseThrow(() -> new NoSuchFileException(parent.toString()));
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }
}
