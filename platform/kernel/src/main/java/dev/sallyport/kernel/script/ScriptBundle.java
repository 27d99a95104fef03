package dev.sallyport.kernel.script;

import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A script and the files that it imports, as they were at one moment. Immutable.
 *
 * <p>What it imports is found in the text, without running it: each string that starts with {@code ./} or {@code ../} and
 * names a module or JSON file of the folder belongs to it. An import whose name is put together at run time is
 * refused when the script is loaded, so that the digest covers all that a script can load.
 *
 * @param root the scripts folder, real
 * @param file the script, absolute
 * @param name the script, relative to the folder, with slashes
 * @param text the script's text
 * @param files all files by absolute path, the script among them
 * @param isImporting whether it names any file to import
 * @param unresolved what it seems to import and what is not in the folder
 * @param digest SHA-256 over names and contents, in hex
 */
record ScriptBundle(
        Path root,
        Path file,
        String name,
        String text,
        Map<Path, byte[]> files,
        boolean isImporting,
        List<Unresolved> unresolved,
        String digest) {

    static final String FILES_ALONE = "a script imports files of the scripts folder alone, as './name.js'";
    private static final int MAX_FILES = 256;
    private static final long MAX_FILE_BYTES = 4 << 20;
    private static final Pattern RELATIVE = Pattern.compile("([\"'`])(\\.{1,2}/[^\"'`\\r\\n\\\\]*)\\1");
    private static final Pattern BARE =
            Pattern.compile("(?:\\bfrom|\\bimport)\\s*\\(?\\s*([\"'])([^\"'.\\r\\n][^\"'\\r\\n]*)\\1");

    /** What a file seems to import and cannot, and where it says so. */
    record Unresolved(String file, int line, int column, String specifier, String reason) {

        String place() {
            return file + ":" + line + ":" + column;
        }
    }

    /** Reads a script and what it imports. */
    static ScriptBundle read(Path folder, String file) throws ConfigException {
        Path root;
        try {
            root = folder.toRealPath();
        } catch (IOException e) {
            throw new ConfigException("script", folder + " (expected: the scripts folder); make it");
        }
        Path script = resolve(root, file);
        Map<Path, byte[]> files = new TreeMap<>();
        List<Unresolved> unresolved = new ArrayList<>();
        Deque<Path> open = new ArrayDeque<>(List.of(script));
        boolean importing = false;
        while (!open.isEmpty()) {
            Path path = open.removeFirst();
            if (files.containsKey(path)) {
                continue;
            }
            if (files.size() == MAX_FILES) {
                throw new ConfigException("script", file + ": more than " + MAX_FILES + " files (expected: fewer)");
            }
            byte[] bytes = read(root, path);
            files.put(path, bytes);
            if (!path.toString().endsWith(".json")) {
                List<Path> imports = imports(root, path, decode(name(root, path), bytes), unresolved);
                importing |= !imports.isEmpty();
                open.addAll(imports);
            }
        }
        String name = name(root, script);
        byte[] own = files.get(script);
        return new ScriptBundle(
                root,
                script,
                name,
                own == null ? "" : decode(name, own),
                files,
                importing,
                List.copyOf(unresolved),
                digest(root, files));
    }

    private static Path resolve(Path root, String file) {
        String expected = " (expected: a .js or .mjs file, relative to the scripts folder)";
        if (!file.endsWith(".js") && !file.endsWith(".mjs")) {
            throw new ConfigException("script", file + expected);
        }
        Path path;
        try {
            path = root.resolve(file).normalize();
        } catch (InvalidPathException e) {
            throw new ConfigException("script", file + expected);
        }
        String refused = refusal(root, path);
        if (refused != null) {
            throw new ConfigException("script", file + ": " + refused + expected);
        }
        return path;
    }

    /** Why a path is not a file of the folder; null where it is one. */
    private static @Nullable String refusal(Path root, Path path) {
        if (!path.startsWith(root)) {
            return "outside the scripts folder";
        }
        if (!Files.isRegularFile(path)) {
            return "no such file in " + root;
        }
        try {
            return path.toRealPath().startsWith(root) ? null : "a link to outside the scripts folder";
        } catch (IOException e) {
            return "not readable";
        }
    }

    private static List<Path> imports(Path root, Path from, String text, List<Unresolved> unresolved) {
        List<Path> found = new ArrayList<>();
        Matcher relative = RELATIVE.matcher(text);
        while (relative.find()) {
            String specifier = relative.group(2);
            String reason;
            try {
                Path path = from.resolveSibling(specifier).normalize();
                reason = refusal(root, path);
                if (reason == null && path.toString().matches(".*\\.(js|mjs|json)")) {
                    found.add(path);
                } else if (reason == null) {
                    reason = "not a .js, .mjs or .json file";
                }
            } catch (InvalidPathException e) {
                reason = "not a path";
            }
            if (reason != null) {
                unresolved.add(unresolved(root, from, text, relative.start(), specifier, reason));
            }
        }
        Matcher bare = BARE.matcher(text);
        while (bare.find()) {
            unresolved.add(unresolved(root, from, text, bare.start(1), bare.group(2), FILES_ALONE));
        }
        return found;
    }

    private static Unresolved unresolved(Path root, Path from, String text, int at, String specifier, String reason) {
        int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        int column = at - text.lastIndexOf('\n', at);
        return new Unresolved(name(root, from), line, column, specifier, reason);
    }

    private static byte[] read(Path root, Path path) {
        try {
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new ConfigException(
                        "script", name(root, path) + ": " + Files.size(path) + " bytes (expected: 4MiB at most)");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new ConfigException("script", name(root, path) + " (expected: a readable file)");
        }
    }

    private static String decode(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfigException("script", name + " (expected: text in UTF-8)");
        }
    }

    /** Whether a script may import that, if it is there. */
    static boolean isRelative(String specifier) {
        return specifier.startsWith("./") || specifier.startsWith("../");
    }

    /** Where a file seems to import that; its name where that is not known. */
    String placeOf(String file, String specifier) {
        return unresolved.stream()
                .filter(one -> one.file().equals(file) && one.specifier().equals(specifier))
                .map(Unresolved::place)
                .findFirst()
                .orElse(file);
    }

    static String name(Path root, Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }

    private static String digest(Path root, Map<Path, byte[]> files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files.forEach((path, bytes) -> {
                digest.update((name(root, path) + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
