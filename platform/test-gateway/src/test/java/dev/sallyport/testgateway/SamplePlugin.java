package dev.sallyport.testgateway;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds the jar of a plugin with one step, {@code sample}. */
final class SamplePlugin {

    private static final String SOURCE = """
        package sample;

        import dev.sallyport.api.*;
        import dev.sallyport.api.config.*;

        @Type("sample")
        public final class Factory implements FilterFactory<Factory.Config> {

            public record Config(@Doc("A text.") @Default("none") String text) {}

            @Override
            public Filter create(Config config, FilterContext context) {
                CREATE
                return new Filter() {
                    @Override
                    public Response handle(Request request, Next next) throws Exception {
                        HANDLE
                        return next.proceed(request.withHeader("x-sample", config.text()));
                    }
                };
            }
        }
        """;

    private SamplePlugin() {}

    /**
     * Version 1.0.0 of it.
     *
     * @param create statements for {@code create}
     * @param handle statements for {@code handle}
     */
    static Path in(Path folder, String create, String handle) throws IOException {
        return of(folder, "sample", "1.0.0", SOURCE.replace("CREATE", create).replace("HANDLE", handle));
    }

    /** A configuration whose only route leads through it. */
    static String route(TestUpstream upstream) {
        return "routes: [{name: all, plugins: [{sample: {}}], upstream: \"" + upstream.address() + "\"}]";
    }

    /**
     * A plugin with one class, {@code sample.Factory}.
     *
     * @return {@code <id>.jar} in that folder
     */
    static Path of(Path folder, String id, String version, String code) throws IOException {
        return of(folder, id, version, code, "");
    }

    /** The same with {@code Plugin-Permissions} in its manifest. */
    static Path of(Path folder, String id, String version, String code, String permissions) throws IOException {
        return against(System.getProperty("java.class.path"), folder, id, version, code, permissions);
    }

    /**
     * The same, built with another API.
     *
     * @param api what javac finds the API in, and runs its annotation processor from
     */
    static Path against(String api, Path folder, String id, String version, String code, String permissions)
            throws IOException {
        Path source = Files.createDirectories(folder.resolve("src/sample")).resolve("Factory.java");
        Files.writeString(source, code);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "-cp",
                    api,
                    "-processor",
                    "dev.sallyport.api.processor.ExtensionProcessor",
                    "-d",
                    classes.toString());
            if (!javac.getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
                    .call()) {
                throw new AssertionError(messages);
            }
        }
        return jar(classes, folder.resolve(id + ".jar"), id, version, permissions);
    }

    private static Path jar(Path classes, Path jar, String id, String version, String permissions) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Plugin-Id", id);
        manifest.getMainAttributes().putValue("Plugin-Version", version);
        manifest.getMainAttributes().putValue("Plugin-Provider", "sallyport");
        if (!permissions.isEmpty()) {
            manifest.getMainAttributes().putValue("Plugin-Permissions", permissions);
        }
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> all = Files.walk(classes)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return jar;
    }
}
