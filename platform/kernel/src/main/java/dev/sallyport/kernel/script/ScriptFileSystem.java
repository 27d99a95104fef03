package dev.sallyport.kernel.script;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/**
 * What a script sees of the file system: the files of its bundle, from memory, for reading. It never touches the disk.
 * Immutable.
 */
final class ScriptFileSystem implements FileSystem {

    private final Path root;
    private final Map<Path, byte[]> files;

    ScriptFileSystem(ScriptBundle bundle) {
        root = bundle.root();
        // A script that imports nothing can read nothing, itself neither: else it could keep state in its own module.
        files = bundle.isImporting() ? bundle.files() : Map.of();
    }

    @Override
    public Path parsePath(URI uri) {
        throw new UnsupportedOperationException("a script imports files of the scripts folder alone, as './name.js'");
    }

    @Override
    public Path parsePath(String path) {
        return root.getFileSystem().getPath(path);
    }

    @Override
    public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options) throws IOException {
        if (modes.contains(AccessMode.WRITE) || modes.contains(AccessMode.EXECUTE)) {
            throw new SecurityException("scripts only read");
        }
        find(path);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return new BytesChannel(ByteBuffer.wrap(find(path)).asReadOnlyBuffer());
    }

    @Override
    public Path toAbsolutePath(Path path) {
        return root.resolve(path);
    }

    @Override
    public Path toRealPath(Path path, LinkOption... options) throws IOException {
        find(path);
        return root.resolve(path).normalize();
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return Map.of("isRegularFile", true, "isDirectory", false, "size", (long) find(path).length);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) {
        throw new SecurityException("scripts only read");
    }

    @Override
    public void delete(Path path) {
        throw new SecurityException("scripts only read");
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter) {
        throw new SecurityException("scripts read files alone");
    }

    private byte[] find(Path path) throws NoSuchFileException {
        byte[] bytes = files.get(root.resolve(path).normalize());
        if (bytes == null) {
            throw new NoSuchFileException(path.getFileName() + "");
        }
        return bytes;
    }

    /** Bytes in memory, for reading. */
    private record BytesChannel(ByteBuffer bytes) implements SeekableByteChannel {

        @Override
        public int read(ByteBuffer target) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int count = Math.min(bytes.remaining(), target.remaining());
            target.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            return count;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public long position() {
            return bytes.position();
        }

        @Override
        public SeekableByteChannel position(long position) {
            bytes.position((int) Math.min(position, bytes.limit()));
            return this;
        }

        @Override
        public long size() {
            return bytes.limit();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
