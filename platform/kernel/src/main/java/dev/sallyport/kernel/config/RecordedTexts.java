package dev.sallyport.kernel.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Files as they were when a generation was made of them, under the names that they had then: references to secrets lead
 * where they led, and are resolved anew.
 */
record RecordedTexts(Map<Path, String> texts) implements Texts {

    RecordedTexts {
        texts = Map.copyOf(texts);
    }

    @Override
    public byte[] read(Path file, long most) throws IOException {
        String text = texts.get(file);
        if (text == null) {
            throw new NoSuchFileException(file.toString());
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean exists(Path file) {
        return texts.containsKey(file);
    }

    @Override
    public Set<Path> find(Path folder, String pattern, Collection<Path> watched) {
        IncludeFiles.Pattern glob = IncludeFiles.Pattern.of(folder, pattern);
        Set<Path> found = new TreeSet<>();
        texts.keySet().stream().filter(glob::matches).forEach(found::add);
        return found;
    }
}
