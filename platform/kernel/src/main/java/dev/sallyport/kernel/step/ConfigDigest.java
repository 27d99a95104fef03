package dev.sallyport.kernel.step;

import dev.sallyport.kernel.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/**
 * Tells whether settings are the same: a digest of what they say, whatever their order, place and layout. Secrets go in as
 * they are, so that a changed one makes a step anew; the digest shows nothing of them.
 */
final class ConfigDigest {

    private final MessageDigest sha256;

    ConfigDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    ConfigDigest add(ConfigNode node) {
        switch (node) {
            case ConfigNode.Scalar scalar -> add(scalar.quoted() ? "q" : "s", scalar.text());
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

    ConfigDigest add(String kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sha256.update((kind + bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        sha256.update(bytes);
        return this;
    }

    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
