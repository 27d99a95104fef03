package dev.sallyport.kernel.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;

/** The files as they are now. */
record DiskTexts() implements Texts {

    @Override
    public byte[] read(Path file, long most) throws IOException {
        long size = Files.size(file);
        if (size > most) {
            throw new TooLargeException(size);
        }
        return Files.readAllBytes(file);
    }

    @Override
    public boolean exists(Path file) {
        return Files.isRegularFile(file);
    }

    @Override
    public Set<Path> find(Path folder, String pattern, Collection<Path> watched) throws IOException {
        return IncludeFiles.find(folder, pattern, watched);
    }
}
