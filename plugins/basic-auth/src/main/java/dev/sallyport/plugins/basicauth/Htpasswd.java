package dev.sallyport.plugins.basicauth;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a file of lines {@code user:hash}, as Apache's htpasswd writes it. */
final class Htpasswd {

    private static final int MOST_BYTES = 10 << 20;
    private static final int MOST_TOLD = 5;

    /** The file cannot be used; the message says why, and never shows a password. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    private Htpasswd() {}

    /** The hashes in it, by user. */
    static Map<String, PasswordHash> read(Path file) throws UnreadableException {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw new UnreadableException(file + " (expected: a file of at most 10MiB)");
            }
            return parse(file, Files.readAllLines(file));
        } catch (CharacterCodingException e) {
            throw new UnreadableException(file + " (expected: text in UTF-8)");
        } catch (IOException e) {
            throw new UnreadableException(
                    file + " (expected: a readable file); " + e.getClass().getSimpleName() + " on reading it");
        }
    }

    private static Map<String, PasswordHash> parse(Path file, List<String> lines) throws UnreadableException {
        Map<String, PasswordHash> hashes = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            String place = file.getFileName() + ":" + (i + 1) + ": ";
            int colon = line.indexOf(':');
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (colon <= 0) {
                problems.add(place + "no user and colon (expected: user:hash)");
                continue;
            }
            String user = line.substring(0, colon);
            String rest = line.substring(colon + 1);
            int comment = rest.indexOf(':');
            try {
                if (hashes.put(user, PasswordHash.parse(comment < 0 ? rest : rest.substring(0, comment))) != null) {
                    problems.add(place + "user " + user + " (expected: each user once)");
                }
            } catch (IllegalArgumentException e) {
                problems.add(place + "user " + user + " has " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            int more = problems.size() - MOST_TOLD;
            throw new UnreadableException(String.join("; ", problems.subList(0, Math.min(MOST_TOLD, problems.size())))
                    + (more > 0 ? "; and " + more + " more" : ""));
        }
        return hashes;
    }
}
