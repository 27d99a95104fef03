package dev.sallyport.plugins.iplist;

import java.nio.charset.StandardCharsets;

/**
 * The text of a feed: an address or a block a line. What stands after the first word of a line, or after {@code #} or
 * {@code ;}, is for people. A line that begins otherwise makes the whole text unreadable: half a list is none.
 */
final class FeedText {

    private FeedText() {}

    /**
     * Reads it.
     *
     * @throws UnreadableFeedException where a line is no address; it names the line
     */
    static AddressSet parse(byte[] bytes) throws UnreadableFeedException {
        AddressSet.Builder addresses = new AddressSet.Builder();
        int line = 0;
        int at = 0;
        while (at < bytes.length) {
            line++;
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            String word = word(bytes, at, end);
            if (!word.isEmpty()) {
                add(word, line, addresses);
            }
            at = end + 1;
        }
        return addresses.build();
    }

    private static void add(String word, int line, AddressSet.Builder addresses) throws UnreadableFeedException {
        try {
            addresses.add(Cidr.parse(word));
        } catch (IllegalArgumentException e) {
            String shown = word.length() > 60 ? word.substring(0, 60) + "…" : word;
            throw new UnreadableFeedException("line " + line + ": '" + shown.replaceAll("[^\\x20-\\x7e…]", "?")
                    + "' (expected: an address or a whole block such as 10.0.0.0/8)");
        }
    }

    private static String word(byte[] bytes, int from, int to) {
        int start = from;
        while (start < to && isSpace(bytes[start])) {
            start++;
        }
        int end = start;
        while (end < to && !isSpace(bytes[end]) && bytes[end] != '#' && bytes[end] != ';' && bytes[end] != ',') {
            end++;
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
