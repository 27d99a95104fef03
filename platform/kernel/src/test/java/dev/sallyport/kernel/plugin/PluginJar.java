package dev.sallyport.kernel.plugin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Builds real plugin jars for tests: sources in, jar out, with whatever else a test wants to be wrong. */
public final class PluginJar {

    private final Map<String, String> manifest = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final List<String[]> extensions = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private boolean replayable;

    private PluginJar() {}

    /** A jar without a manifest's facts, sources or index. */
    public static PluginJar empty() {
        return new PluginJar();
    }

    /** A plugin of the publisher acme that offers nothing yet. */
    public static PluginJar of(String id, String version) {
        return empty().manifest("Plugin-Id", id)
                .manifest("Plugin-Version", version)
                .manifest("Plugin-Provider", "acme");
    }

    /** A plugin that offers {@code acme/<id>}: it answers 200 with its version in a header. */
    public static PluginJar stamp(String id, String version) {
        return of(id, version)
                .filter(
                        "acme/" + id,
                        "x.Stamp",
                        "return (request, next) -> Response.of(200).withHeader(\"x-version\", \"" + version + "\");");
    }

    public PluginJar manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    public PluginJar source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    public PluginJar file(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public PluginJar bytes(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    /** Leaves out an entry that would be there. */
    public PluginJar without(String name) {
        left.add(name);
        return this;
    }

    /** Its steps do nothing but decide and change. */
    public PluginJar replayable() {
        replayable = true;
        return this;
    }

    public PluginJar extension(String point, String type, String className) {
        extensions.add(new String[] {point, type, className});
        return this;
    }

    /** A filter type whose {@code create(Config config, FilterContext context)} has that body. */
    public PluginJar filter(String type, String className, String body) {
        return filter(type, className, body, "");
    }

    public PluginJar filter(String type, String className, String body, String members) {
        int dot = className.lastIndexOf('.');
        return extension("filter", type, className).source(className, """
            package %s;
            import dev.sallyport.api.*;
            import dev.sallyport.api.config.*;
            @Type("%s")
            public final class %s implements FilterFactory<%3$s.Config> {
                public record Config(String header) {}
                %s
                @Override public Filter create(Config config, FilterContext context) {
                    %s
                }
            }
            """.formatted(
                        className.substring(0, dot), type, className.substring(dot + 1), members, body));
    }

    /** Writes it. */
    public Path build(Path jar) {
        try {
            Files.write(jar, bytes());
            if (Files.getFileAttributeView(jar, PosixFileAttributeView.class) != null) {
                // Whatever the umask of whoever runs the tests.
                Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes() {
        Manifest facts = new Manifest();
        facts.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach((name, value) -> facts.getMainAttributes().putValue(name, value));
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(JarFile.MANIFEST_NAME, manifestBytes(facts));
        entries.putAll(compile());
        if (!extensions.isEmpty()) {
            entries.put(ExtensionIndex.CLASSES, index());
            entries.put(ExtensionIndex.FACTS, json());
        }
        entries.putAll(files);
        entries.keySet().removeAll(left);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                // Fixed, so that the same sources give the same bytes.
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                out.putNextEntry(entry);
                out.write(each.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] manifestBytes(Manifest manifest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            manifest.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private byte[] index() {
        StringBuilder lines = new StringBuilder("# Generated by PF4J\n");
        extensions.forEach(each -> lines.append(each[2]).append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] json() {
        List<String> all = extensions.stream()
                .map(each -> """
                    {"point":"%s","type":"%s","class":"%s","doc":"A test.","config":{"type":"object"},\
                    "replayable":%s}\
                    """.formatted(each[0], each[1], each[2], replayable))
                .toList();
        return ("{\"extensions\":[" + String.join(",", all) + "]}").getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, byte[]> compile() {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        if (sources.isEmpty()) {
            return classes;
        }
        StringWriter messages = new StringWriter();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager standard =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            Map<String, ByteArrayOutputStream> outputs = new LinkedHashMap<>();
            var task = compiler.getTask(
                    messages,
                    new Outputs(standard, outputs),
                    null,
                    List.of("-proc:none", "--release", "25"),
                    null,
                    sources.entrySet().stream().map(PluginJar::unit).toList());
            if (!task.call()) {
                throw new IllegalStateException(messages.toString());
            }
            outputs.forEach((name, bytes) -> classes.put(name.replace('.', '/') + ".class", bytes.toByteArray()));
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JavaFileObject unit(Map.Entry<String, String> source) {
        URI uri = URI.create("mem:///" + source.getKey().replace('.', '/') + ".java");
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source.getValue();
            }
        };
    }

    private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs;

        private Outputs(JavaFileManager standard, Map<String, ByteArrayOutputStream> outputs) {
            super(standard);
            this.outputs = outputs;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public ByteArrayOutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    outputs.put(className, bytes);
                    return bytes;
                }
            };
        }
    }
}
