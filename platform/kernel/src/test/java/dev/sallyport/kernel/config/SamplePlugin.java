package dev.sallyport.kernel.config;

import dev.sallyport.kernel.plugin.PluginJar;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The plugin of {@code config/Sample.java}, compiled with the annotation processor; its version is 1.4.2. */
public final class SamplePlugin implements TypeCatalog {

    private static final class Compiled {
        private static final Path FOLDER = compile();
    }

    private final JsonNode extensions;

    public SamplePlugin() {
        try {
            extensions = JsonMapper.shared()
                    .readTree(Files.readString(Compiled.FOLDER.resolve("META-INF/sallyport/extensions.json")))
                    .path("extensions");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A loader of its own, as each artefact has one. */
    static URLClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {Compiled.FOLDER.toUri().toURL()}, SamplePlugin.class.getClassLoader());
    }

    static Class<? extends Record> record(ClassLoader loader, String name) throws ClassNotFoundException {
        return loader.loadClass("sample.Sample$" + name).asSubclass(Record.class);
    }

    @Override
    public @Nullable OfferedType find(String point, String name, @Nullable String version) {
        if (version != null && !Set.of("1.4.2", "~1.4", "^1", "^1.4").contains(version)) {
            return null;
        }
        for (JsonNode extension : extensions) {
            if (extension.path("point").asString().equals(point)
                    && extension.path("type").asString().equals(name)) {
                return new OfferedType(name, "sample", "1.4.2", Traits.of(extension), extension.path("config"));
            }
        }
        return null;
    }

    @Override
    public Set<String> names(String point) {
        Set<String> names = new TreeSet<>();
        for (JsonNode extension : extensions) {
            if (extension.path("point").asString().equals(point)) {
                names.add(extension.path("type").asString());
            }
        }
        return names;
    }

    /** Puts its jars into a plugins folder: what ships with the gateway has bare names, what acme offers its own. */
    public static void install(Path plugins) {
        jar("sample", "sallyport", type -> !type.contains("/")).build(plugins.resolve("sample.jar"));
        jar("acme-sample", "acme", type -> type.startsWith("acme/")).build(plugins.resolve("acme-sample.jar"));
    }

    private static PluginJar jar(String id, String provider, Predicate<String> types) {
        try (Stream<Path> files = Files.walk(Compiled.FOLDER)) {
            ObjectNode facts = JsonMapper.shared().createObjectNode();
            ArrayNode extensions = facts.putArray("extensions");
            List<String> classes = new ArrayList<>();
            for (JsonNode extension : new SamplePlugin().extensions) {
                if (types.test(extension.path("type").asString())) {
                    extensions.add(extension);
                    classes.add(extension.path("class").asString());
                }
            }
            PluginJar jar = PluginJar.of(id, "1.4.2")
                    .manifest("Plugin-Provider", provider)
                    .file("META-INF/extensions.idx", String.join("\n", classes) + "\n")
                    .file("META-INF/sallyport/extensions.json", facts.toString());
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                jar.bytes(Compiled.FOLDER.relativize(file).toString(), Files.readAllBytes(file));
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path compile() {
        try (InputStream source = SamplePlugin.class.getResourceAsStream("/config/Sample.java")) {
            Path folder = Files.createTempDirectory("sample-plugin");
            Path file = Files.createDirectories(folder.resolve("sample")).resolve("Sample.java");
            Files.write(file, source.readAllBytes());
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            StringWriter messages = new StringWriter();
            try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
                boolean compiled = compiler.getTask(
                                messages,
                                manager,
                                null,
                                List.of(
                                        "-processor",
                                        "dev.sallyport.api.processor.ExtensionProcessor",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        "-d",
                                        folder.toString()),
                                null,
                                manager.getJavaFileObjects(file))
                        .call();
                if (!compiled) {
                    throw new IllegalStateException(messages.toString());
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
