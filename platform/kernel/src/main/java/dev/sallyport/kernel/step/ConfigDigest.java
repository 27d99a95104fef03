package dev.sallyport.kernel.step;

import dev.sallyport.kernel.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Tells whether settings are the same: a digest of what they say, whatever their order, place and layout. Secrets go in as
 * they are, so that a changed one makes a step anew, unless it is a digest {@linkplain #ofWritten of what is written}.
 */
public final class ConfigDigest {

    private final MessageDigest sha256;
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
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
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
                add("{", Integer.toString(mapping.entries().size()));
                new TreeMap<>(mapping.entries())
                        .forEach((key, entry) -> add("k", key).add(entry.value()));
            }
        }
        return this;
    }

    /** Adds a text; the kind keeps texts of different meaning apart. */
    public ConfigDigest add(String kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update((kind + bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        sha256.update(bytes);
        return this;
    }

    /** The digest of all that was added. */
    public String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
