package dev.sallyport.plugins.elk;

import java.nio.charset.StandardCharsets;

/** A record on its way: its id, made once and kept wherever it goes, and its document. Immutable. */
final class Entry {

    /** What it takes beyond id and document on disk: length, checksum, length of the id. */
    static final int OVERHEAD = 9;

    private final byte[] id;
    private final byte[] json;

    /**
     * @param id 1 to 255 ASCII characters
     * @param json one JSON object in UTF-8 without line breaks; not changed afterwards
     */
    Entry(String id, byte[] json) {
        this(id.getBytes(StandardCharsets.US_ASCII), json);
    }

    Entry(byte[] id, byte[] json) {
        if (id.length == 0 || id.length > 255) {
            throw new IllegalArgumentException("id of " + id.length + " characters (expected: 1 to 255)");
        }
        this.id = id;
        this.json = json;
    }

    /** The id. */
    String id() {
        return new String(id, StandardCharsets.US_ASCII);
    }

    byte[] idBytes() {
        return id;
    }

    /** The document; not to be changed. */
    byte[] json() {
        return json;
    }

    /** Bytes on disk. */
    int size() {
        return OVERHEAD + id.length + json.length;
    }

    @Override
    public String toString() {
        return id() + ", " + json.length + " bytes";
    }
}
