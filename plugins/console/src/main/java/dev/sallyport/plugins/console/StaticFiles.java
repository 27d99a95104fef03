package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Answer;
import dev.sallyport.api.AdminPages.Call;
import dev.sallyport.api.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the page is made of, out of the jar. Names that carry a hash are kept by browsers for a year; {@code index.html} is
 * asked for again each time, and stands for all paths that the page itself tells apart. Thread-safe.
 */
final class StaticFiles {

    private static final String FOLDER = "web/";
    private static final String INDEX = "index.html";

    /** The base that stands in the page; the service may have another name. */
    private static final String WRITTEN_BASE = "\"/console/";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");

    /** As builds write it: {@code app-3fA9_x2k.js}. */
    private static final Pattern HASHED = Pattern.compile(".*[-.][A-Za-z0-9_-]{8,}\\.[a-z0-9]+");

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    /** By name; there are as many as the jar has, since a name without a file is not kept. */
    private final Map<String, Entry> read = new ConcurrentHashMap<>();

    /** @param gzip the same compressed; null where the build has not */
    private record Entry(
            String tag, ByteBuffer plain, @Nullable ByteBuffer gzip) {}

    /** What belongs to a path under the console's own. */
    Answer answer(Call call, String path) {
        String name = path.substring(1);
        Optional<Entry> found = name.isEmpty() || !NAME.matcher(name).matches() ? Optional.empty() : find(call, name);
        if (found.isPresent()) {
            return answer(call, name, found.get());
        }
        if (name.startsWith("assets/")) {
            return Answers.notFound("the console has no " + path);
        }
        return find(call, INDEX)
                .map(index -> answer(call, INDEX, index))
                .orElseGet(() -> Answers.notFound("this build of the console has no pages"));
    }

    private Optional<Entry> find(Call call, String name) {
        Entry known = read.get(name);
        if (known == null) {
            ByteBuffer plain = read(name);
            if (plain == null) {
                return Optional.empty();
            }
            ByteBuffer gzip = read(name + ".gz");
            if (name.equals(INDEX) && !call.base().equals("/console")) {
                String page = StandardCharsets.UTF_8.decode(plain.duplicate()).toString();
                plain = StandardCharsets.UTF_8.encode(page.replace(WRITTEN_BASE, '"' + call.base() + "/"));
                gzip = null;
            }
            known = new Entry("\"" + hash(plain) + "\"", plain, gzip);
            read.put(name, known);
        }
        return Optional.of(known);
    }

    private static Answer answer(Call call, String name, Entry entry) {
        String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
        boolean kept = !name.equals(INDEX) && HASHED.matcher(name).matches();
        ByteBuffer gzip = accepts(call.header("accept-encoding"), "gzip") ? entry.gzip : null;
        // RFC 9110 §8.8.3: two encodings are two representations, so each has a tag of its own.
        String tag = gzip == null ? entry.tag : entry.tag.replaceFirst("\"$", "-gzip\"");
        Headers headers = Answers.headers(type)
                .with("cache-control", kept ? "public, max-age=31536000, immutable" : "no-cache")
                .with("etag", tag)
                .with("vary", "accept-encoding");
        String wanted = call.header("if-none-match");
        if (wanted != null && Arrays.stream(wanted.split(",", -1)).anyMatch(each -> matches(each.strip(), tag))) {
            return new Answer(304, headers, ByteBuffer.allocate(0), null);
        }
        return gzip == null
                ? new Answer(200, headers, entry.plain, null)
                : new Answer(200, headers.with("content-encoding", "gzip"), gzip, null);
    }

    private static boolean matches(String given, String tag) {
        return given.equals("*") || given.equals(tag) || given.equals("W/" + tag);
    }

    private static boolean accepts(@Nullable String encodings, String one) {
        return encodings != null
                && Arrays.stream(encodings.split(",", -1))
                        .map(each -> each.replace(" ", ""))
                        .anyMatch(each ->
                                each.equals(one) || (each.startsWith(one + ";") && !each.matches(".*;q=0(\\.0*)?")));
    }

    private static @Nullable ByteBuffer read(String name) {
        try (InputStream in = StaticFiles.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
            return in == null ? null : ByteBuffer.wrap(in.readAllBytes()).asReadOnlyBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.duplicate());
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
