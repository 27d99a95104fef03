package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.ConfigProblem.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files of one reading, and all that was found wrong with them. */
final class SourceFiles {

    /** What stands in the place of bytes that are no characters. */
    private static final char REPLACEMENT = '\uFFFD';

    private final Texts texts;
    private final Path main;
    private final Path home;
    private final Environment environment;
    private final ParsedText parsed;
    private final BoundFiles bound;
    private final Set<Path> seen = new LinkedHashSet<>();
    private final Set<ConfigProblem> problems = new LinkedHashSet<>();

    /**
     * @param parsed what remembers the main file
     * @param bound what remembers its includes
     */
    SourceFiles(Texts texts, Path main, Path home, Environment environment, ParsedText parsed, BoundFiles bound) {
        this.bound = bound;
        this.parsed = parsed;
        this.texts = texts;
        this.main = main;
        this.home = home;
        this.environment = environment;
    }

    Path main() {
        return main;
    }

    BoundFiles bound() {
        return bound;
    }

    /** The main file's folder. */
    Path folder() {
        Path parent = main.getParent();
        return parent == null ? main.getRoot() : parent;
    }

    /** Whether there is a file of that name. */
    boolean exists(Path path) {
        return texts.exists(path);
    }

    /** The files of an include's pattern, in order. */
    Set<Path> find(String pattern) throws IOException {
        return texts.find(folder(), pattern, seen);
    }

    /** All files and folders that were looked at. */
    Set<Path> seen() {
        return seen;
    }

    void report(ConfigProblem problem) {
        problems.add(problem);
    }

    /** What was reported, each thing once. */
    Set<ConfigProblem> problems() {
        return problems;
    }

    /** How places name a file. */
    String name(Path path) {
        Path name = path.startsWith(folder()) ? folder().relativize(path) : path;
        return name.toString().replace('\\', '/');
    }

    /** A file's text; null where a problem was reported. */
    @Nullable
    String text(Path path) {
        seen.add(path);
        String name = name(path);
        try {
            return decode(name, texts.read(path, YamlText.MOST_BYTES));
        } catch (Texts.TooLargeException e) {
            refuse(new Place(name, 1, 1), e.getMessage() + " (expected: at most 10MiB); split the file");
        } catch (NoSuchFileException e) {
            refuse(new Place(name, 1, 1), path + " (expected: a file); write it, or mend the path");
        } catch (IOException e) {
            refuse(new Place(name, 1, 1), e + " (expected: a readable file); mend its rights");
        }
        return null;
    }

    private @Nullable String decode(String name, byte[] bytes) {
        String all = new String(bytes, StandardCharsets.UTF_8);
        if (all.indexOf(REPLACEMENT) < 0) { // as of nearly all files, and much faster than to ask where
            return withoutMark(all);
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        String text = withoutMark(out.flip().toString());
        if (result.isError()) {
            refuse(YamlText.behind(name, text), "a byte that is not UTF-8 (expected: UTF-8); save the file as UTF-8");
            return null;
        }
        return text;
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** What a text says, its references not yet resolved; null where a problem was reported. */
    @Nullable
    ConfigNode parse(String name, String text) {
        return name.equals(name(main))
                ? parsed.parse(name, text, this::report)
                : new YamlText(name, this::report).parse(text);
    }

    /**
     * The same value with references resolved, as far as that file may.
     *
     * @param secrets the services that give secrets; null for what is read before they are
     */
    ConfigNode resolve(
            ConfigNode node,
            GatewayConfig.@Nullable Include include,
            @Nullable Path data,
            @Nullable SecretServices secrets) {
        List<Path> forbidden = new ArrayList<>();
        forbid(folder(), forbidden);
        Path own = folder().resolve(node.place().file()).getParent();
        if (own != null) {
            forbid(own, forbidden);
        }
        if (data != null) {
            forbid(data, forbidden);
        }
        return new References(folder(), forbidden, include, environment, seen, secrets, this::report).resolve(node);
    }

    private static void forbid(Path folder, List<Path> forbidden) {
        Path plain = folder.toAbsolutePath().normalize();
        forbidden.add(plain);
        try {
            forbidden.add(plain.toRealPath());
        } catch (IOException none) {
            // A folder that is not there holds nothing to read.
        }
    }

    /** Where the gateway keeps its state. */
    Path data() {
        return home.resolve(folders().data()).normalize();
    }

    /** The folders that the main file names, or their defaults where it is unreadable. */
    GatewayConfig.Folders folders() {
        SourceFiles quiet = new SourceFiles(texts, main, home, environment, parsed, bound);
        return quiet.early("folders", null, true, GatewayConfig.Folders.class) instanceof GatewayConfig.Folders bound
                ? bound
                : new GatewayConfig.Folders("plugins", "scripts", "data", GatewayConfig.Writable.REFUSED);
    }

    /** Whom the main file trusts; null where it is unreadable or says it wrongly, which is never taken for saying nothing. */
    @Nullable
    TrustConfig trust() {
        SourceFiles quiet = new SourceFiles(texts, main, home, environment, parsed, bound);
        Object trust = quiet.early("trust", data(), false, TrustConfig.class);
        boolean wrong = quiet.problems().stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        return !wrong && trust instanceof TrustConfig bound ? bound : null;
    }

    /** Who the main file says owns the configuration; the files where it is unreadable. */
    GatewayConfig.Source source() {
        SourceFiles quiet = new SourceFiles(texts, main, home, environment, parsed, bound);
        String text = quiet.text(main);
        ConfigNode root = text == null ? null : quiet.parse(name(main), text);
        return root instanceof ConfigNode.Mapping mapping
                        && mapping.get("source") instanceof ConfigNode.Scalar scalar
                        && scalar.written().equals("api")
                ? GatewayConfig.Source.API
                : GatewayConfig.Source.FILES;
    }

    /** What the main file says under that key, alone: for what must be known before the plugins are. */
    private @Nullable Object early(String key, @Nullable Path data, boolean lenient, Class<? extends Record> type) {
        String text = text(main);
        ConfigNode root = text == null ? null : parse(name(main), text);
        ConfigNode given = root instanceof ConfigNode.Mapping mapping ? mapping.get(key) : null;
        Place place = new Place(name(main), 1, 1);
        ConfigNode node = given == null ? new ConfigNode.Mapping(Map.of(), place) : resolve(given, null, data, null);
        Binding binding = new Binding(folder(), lenient, this::report, new Sources());
        Object bound = RecordShapes.of(type).bind(node, key, binding);
        if (bound instanceof TrustConfig trust) {
            new TrustCheck(trust, binding).run();
        }
        return bound;
    }

    private void refuse(Place place, String message) {
        report(new ConfigProblem(Severity.ERROR, place, "", message));
    }
}
