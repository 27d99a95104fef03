package dev.sallyport.kernel.deploy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The SHA-256 of each of several contents, by name. */
final class Hashes {

    private Hashes() {}

    static Map<String, String> of(Map<String, byte[]> contents) {
        Map<String, String> hashes = new TreeMap<>();
        contents.forEach((name, bytes) -> hashes.put(name, History.hash(bytes)));
        return hashes;
    }

    static Map<String, String> ofTexts(Map<String, String> texts) {
        Map<String, String> hashes = new TreeMap<>();
        texts.forEach((name, text) -> hashes.put(name, History.hash(text.getBytes(StandardCharsets.UTF_8))));
        return hashes;
    }
}
