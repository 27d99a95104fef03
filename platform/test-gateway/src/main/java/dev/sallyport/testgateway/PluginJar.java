package dev.sallyport.testgateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The jar of a plugin, and copies of it that differ in what their manifest says. */
public final class PluginJar {

    private PluginJar() {}

    /** The plugin's id. */
    public static String id(Path jar) {
        return attribute(jar, "Plugin-Id");
    }

    /** The plugin's version. */
    public static String version(Path jar) {
        return attribute(jar, "Plugin-Version");
    }

    private static String attribute(Path jar, String name) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String value =
                    manifest == null ? null : manifest.getMainAttributes().getValue(name);
            if (value == null) {
                throw new IllegalArgumentException(jar + ": no " + name + " in its manifest (expected: a plugin)");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Copies a plugin as another version of itself.
     *
     * @param version what stands as {@code Plugin-Version} in the copy's manifest
     * @param copy where to write it; replaced where it exists
     * @return the copy
     */
    public static Path withVersion(Path jar, String version, Path copy) {
        try {
            Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING);
            try (FileSystem zip = FileSystems.newFileSystem(copy)) {
                Path path = zip.getPath(JarFile.MANIFEST_NAME);
                Manifest manifest;
                try (InputStream in = Files.newInputStream(path)) {
                    manifest = new Manifest(in);
                }
                manifest.getMainAttributes().put(new Attributes.Name("Plugin-Version"), version);
                try (OutputStream out = Files.newOutputStream(path)) {
                    manifest.write(out);
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Copies a plugin as a later version of its major.
     *
     * @param step by how much its last number is greater
     * @param copy where to write it; replaced where it exists
     * @return the copy
     */
    public static Path later(Path jar, int step, Path copy) {
        String release = version(jar).replaceFirst("[+-].*", "");
        int dot = release.lastIndexOf('.');
        int last = Integer.parseInt(release.substring(dot + 1));
        return withVersion(jar, release.substring(0, dot + 1) + (last + step), copy);
    }
}
