package dev.sallyport.kernel.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The plugin of {@code config/Sample.java}, compiled with the annotation processor; its version is 1.4.2. */
final class SamplePlugin implements TypeCatalog {

    private static final class Compiled {
        private static final Path FOLDER = compile();
    }

    private final JsonNode extensions;

    SamplePlugin() {
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
                return new OfferedType(
                        name,
                        "sample",
                        "1.4.2",
                        extension.path("decidesAccess").asBoolean(),
                        false,
                        extension.path("config"));
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
