package dev.sallyport.plugins.accesslog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Appends to a file, and to the new one of its name once the old one was moved away, as logrotate does. */
final class FileOutput implements Output {

    private final Path path;
    private OutputStream stream;
    /** Which file was opened; null where the system has no such thing. */
    private @Nullable Object key;

    FileOutput(Path path) throws IOException {
        this.path = path;
        stream = open();
        key = key();
    }

    @Override
    public void write(byte[] lines) throws IOException {
        if (wasMoved()) {
            stream.close();
            stream = open();
            key = key();
        }
        stream.write(lines);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private boolean wasMoved() throws IOException {
        try {
            return !Objects.equals(key, key());
        } catch (NoSuchFileException moved) {
            return true;
        }
    }

    private OutputStream open() throws IOException {
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
