package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.GatewayConfig.Include;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration: the main file, its includes and the secrets that they refer to. One reader serves one main file
 * for as long as the gateway runs, since it knows the last good content of includes. Thread-safe.
 */
public final class ConfigReader {

    private final Path file;
    private final Path home;
    private final Environment environment;
    private final SecretLookup secrets;
    private final Texts texts;
    private final boolean holes;
    private final LastGood lastGood = new LastGood();
    private final ParsedText parsed = new ParsedText();
    private final BoundFiles bound = new BoundFiles();

    /**
     * How to read.
     *
     * @param tolerateMissingTypes whether a step whose type no plugin offers is a warning, and stays in the result: only
     *     at start, or when a jar goes
     * @param distrusted files, as places name them, that are known to be bad although they can be read, since a step in
     *     them could not be made: an include with {@code onError: keepLast} falls back
     */
    public record Options(boolean tolerateMissingTypes, Set<String> distrusted) {

        /** Every mistake counts. */
        public static final Options STRICT = new Options(false, Set.of());
    }

    /**
     * A reader.
     *
     * @param file the main file
     * @param home the installation's folder, to which {@code folders} are relative
     * @param environment the variables that may be referred to
     */
    public ConfigReader(Path file, Path home, Environment environment) {
        this(file, home, environment, ConfigReader::noSecrets);
    }

    /**
     * A reader that can ask services for secrets.
     *
     * @param secrets asks them; such a reading may take as long as they take
     */
    public ConfigReader(Path file, Path home, Environment environment, SecretLookup secrets) {
        this(file, home, environment, secrets, new DiskTexts(), false);
    }

    private ConfigReader(
            Path file, Path home, Environment environment, SecretLookup secrets, Texts texts, boolean holes) {
        this.secrets = secrets;
        this.texts = texts;
        this.holes = holes;
        this.file = file.toAbsolutePath().normalize();
        this.home = home.toAbsolutePath().normalize();
        this.environment = environment;
    }

    private static String noSecrets(ServiceConfig source, TypeCatalog types, String key)
            throws SecretLookup.UnknownSecretException {
        throw new SecretLookup.UnknownSecretException(
                "(expected: a gateway, or sallyport check, that asks the service " + source.name() + ")");
    }

    /**
     * A reader of the same configuration as it was at another time.
     *
     * @param texts what was read then: {@link Reading#texts}
     * @param holes whether a route may name an upstream that is not there, and its requests be answered with 503: such a
     *     hole is left by force alone
     */
    public ConfigReader ofRecorded(Map<String, String> texts, boolean holes) {
        Path folder = file.resolveSibling("");
        Map<Path, String> recorded = new LinkedHashMap<>();
        texts.forEach((name, text) -> recorded.put(folder.resolve(name).normalize(), text));
        return new ConfigReader(file, home, environment, secrets, new RecordedTexts(recorded), holes);
    }

    /**
     * Reads all files anew. It never throws: what is wrong stands in the result.
     *
     * @param catalog the types that plugins offer
     */
    public Reading read(TypeCatalog catalog, Options options) {
        SourceFiles files = new SourceFiles(texts, file, home, environment, parsed, bound);
        Path data = files.data();
        Map<String, HeldBack> held = new LinkedHashMap<>();
        while (true) {
            Attempt attempt = new Attempt(
                    new SourceFiles(texts, file, home, environment, parsed, bound),
                    catalog,
                    secrets,
                    options,
                    holes,
                    Map.copyOf(held));
            Reading reading = attempt.read();
            boolean more = false;
            for (Include include : attempt.toBlame()) {
                Map<String, String> good = lastGood.get(data, Attempt.name(include));
                // Where it says what it said when it was good, it is not to blame.
                if (good != null
                        && !good.equals(attempt.textsOf(include))
                        && !held.containsKey(Attempt.name(include))) {
                    held.put(Attempt.name(include), new HeldBack(good, attempt.errorsIn(include)));
                    more = true;
                }
            }
            if (!more) {
                return reading;
            }
        }
    }

    /**
     * What stands in for an include that is held back.
     *
     * @param texts its last good texts, by file
     * @param causes what is wrong with the texts that are there now
     */
    record HeldBack(Map<String, String> texts, List<ConfigProblem> causes) {}

    /** The folders that the main file names, or their defaults; known before any plugin is. */
    public GatewayConfig.Folders folders() {
        return new SourceFiles(texts, file, home, environment, parsed, bound).folders();
    }

    /** Who the main file says owns the configuration. */
    public GatewayConfig.Source source() {
        return new SourceFiles(texts, file, home, environment, parsed, bound).source();
    }

    /**
     * Whom the main file trusts; known before any plugin is.
     *
     * @return null where the file is unreadable or says it wrongly
     */
    public @Nullable TrustConfig trust() {
        return new SourceFiles(texts, file, home, environment, parsed, bound).trust();
    }

    /**
     * Remembers the includes of a reading as good: call it once that configuration serves.
     *
     * @throws IOException where they could not be written to the data folder, so that a restart will not have them
     */
    public void keep(Reading reading) throws IOException {
        Path data = new SourceFiles(texts, file, home, environment, parsed, bound).data();
        for (Map.Entry<String, Map<String, String>> include : reading.included().entrySet()) {
            lastGood.put(data, include.getKey(), include.getValue());
        }
    }
}
