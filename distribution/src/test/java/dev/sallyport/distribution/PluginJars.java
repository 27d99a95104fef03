package dev.sallyport.distribution;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes plugin jars as a stranger would: {@code javac} and the plugin API's jar, nothing else. */
final class PluginJars {

    /** Named, since this JVM has the platform's libraries, with a processor of their own, on its class path. */
    private static final String PROCESSOR = "dev.sallyport.api.processor.ExtensionProcessor";

    private static final String STEP = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;

        @Type("TYPE")
        public final class Factory implements FilterFactory<Factory.Config> {

            public record Config(@Doc("A text.") @Default("none") String text) {}

            @Override
            public Filter create(Config config, FilterContext context) {
                CREATE
            }
        }
        """;

    private PluginJars() {}

    /** The one jar that an author needs. */
    static Path api() {
        try (Stream<Path> jars = Files.list(Product.UNPACKED.resolve("lib"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("sallyport-plugin-api-"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no sallyport-plugin-api in lib"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A plugin with one step; its id is the type, with a dash for the slash.
     *
     * @param type such as {@code test/stamp}; what stands before the slash is the provider
     * @param body the statements of {@code handle(request, next)}; {@code config.text()} is its only setting
     */
    static Path step(String type, String version, String body) {
        return step(type, version, ">=0.1.0 & <1.0.0", body);
    }

    static Path step(String type, String version, String requires, String body) {
        return plugin(type, version, requires, "return (request, next) -> {\n" + body + "\n};", "");
    }

    /**
     * A plugin whose factory does as it likes.
     *
     * @param create the statements of {@code create(config, context)}
     * @param more further classes of its package
     */
    static Path plugin(String type, String version, String requires, String create, String more) {
        Path folder = Folders.temporary("plugin");
        Path classes = compile(folder, STEP.replace("TYPE", type).replace("CREATE", create) + more);
        String id = type.replace('/', '-');
        return jar(
                folder.resolve(id + "-" + version + ".jar"),
                classes,
                Map.of(
                        "Plugin-Id",
                        id,
                        "Plugin-Version",
                        version,
                        "Plugin-Requires",
                        requires,
                        "Plugin-Provider",
                        type.substring(0, type.indexOf('/'))));
    }

    private static Path compile(Path folder, String source) {
        try {
            Path file = folder.resolve("src/sample/Factory.java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
            Path classes = Files.createDirectories(folder.resolve("classes"));
            JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
            StringWriter messages = new StringWriter();
            try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
                boolean compiled = javac.getTask(
                                messages,
                                files,
                                null,
                                List.of("-cp", api().toString(), "-processor", PROCESSOR, "-d", classes.toString()),
                                null,
                                files.getJavaFileObjects(file))
                        .call();
                if (!compiled) {
                    throw new AssertionError(messages + source);
                }
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A jar of that folder with those lines in its manifest. */
    static Path jar(Path jar, Path classes, Map<String, String> lines) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        lines.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> all = Files.walk(classes)) {
            for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
