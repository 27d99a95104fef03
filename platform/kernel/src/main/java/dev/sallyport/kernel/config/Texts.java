package dev.sallyport.kernel.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;

/** Where the files of a configuration are read from: the disk, or what was recorded of them. */
sealed interface Texts permits DiskTexts, RecordedTexts {

    /**
     * A file's bytes.
     *
     * @param most how many there may be
     * @throws java.nio.file.NoSuchFileException where there is no such file
     * @throws TooLargeException where there are more
     */
    byte[] read(Path file, long most) throws IOException;

    /** Whether there is a file of that name. */
    boolean exists(Path file);

    /**
     * The files that a pattern names, in order.
     *
     * @param folder what it is relative to
     * @param pattern such as {@code conf.d/*.yaml}
     * @param watched takes the folders in which a new file may match
     */
    Set<Path> find(Path folder, String pattern, Collection<Path> watched) throws IOException;

    /** A file that is larger than it may be. */
    final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        TooLargeException(long bytes) {
            super(bytes + " bytes");
        }
    }
}
