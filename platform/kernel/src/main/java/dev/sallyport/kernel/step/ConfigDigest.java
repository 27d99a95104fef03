package dev.sallyport.kernel.step;

import dev.sallyport.kernel.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Tells whether settings are the same: a digest of what they say, whatever their order, place and layout. Secrets go in as
 * they are, so that a changed one makes a step anew, unless it is a digest {@linkplain #ofWritten of what is written}.
 */
public final class ConfigDigest {

    /** How many characters {@link #hex} gives. */
    static final int LENGTH = 64;

    /** What is digested, in one go at the end: with 100,000 steps it counts. */
    private final StringBuilder said = new StringBuilder(128);

    private final Function<ConfigNode.Scalar, String> text;

    ConfigDigest() {
        this(ConfigNode.Scalar::text);
    }

    /** A digest of what is written: secrets go in as references. */
    public static ConfigDigest ofWritten() {
        return new ConfigDigest(ConfigNode.Scalar::written);
    }

    private ConfigDigest(Function<ConfigNode.Scalar, String> text) {
        this.text = text;
    }

    /** Adds what a value says. */
    public ConfigDigest add(ConfigNode node) {
        switch (node) {
            case ConfigNode.Scalar scalar -> add(scalar.quoted() ? "q" : "s", text.apply(scalar));
            case ConfigNode.Sequence sequence -> {
                add("[", Integer.toString(sequence.items().size()));
                sequence.items().forEach(this::add);
            }
            case ConfigNode.Mapping mapping -> {
                Map<String, ConfigNode.Entry> entries = mapping.entries();
                add("{", Integer.toString(entries.size()));
                (entries.size() < 2 ? entries : new TreeMap<>(entries))
                        .forEach((key, entry) -> add("k", key).add(entry.value()));
            }
        }
        return this;
    }

    /** Adds a text; the kind keeps texts of different meaning apart. */
    public ConfigDigest add(String kind, String text) {
        said.append(kind).append(text.length()).append(':').append(text);
        return this;
    }

    /** The digest of all that was added. */
    public String hex() {
        try {
            byte[] bytes = said.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
