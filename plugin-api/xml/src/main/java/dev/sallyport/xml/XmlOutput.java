package dev.sallyport.xml;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes XML. It knows nothing of names and nesting, but lets no character through that a document cannot have: the writer of
 * the JDK does. For one thread.
 */
public final class XmlOutput {

    private final StringBuilder out = new StringBuilder(1_024);

    private final long most;

    /** Makes one with nothing written. */
    public XmlOutput() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Makes one that is too long beyond a bound: few bytes of JSON can become very much XML, which has each name twice.
     *
     * @param most how many characters may be written
     */
    public XmlOutput(long most) {
        this.most = most;
    }

    /** Thrown for a character that no document of XML can have. */
    public static final class UnfitCharacterException extends Exception {

        private static final long serialVersionUID = 1;

        UnfitCharacterException(int character) {
            super(String.format("the character U+%04X, which XML cannot have", character));
        }
    }

    /** Appends as it is: tags, which the caller made. */
    public XmlOutput raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Appends what stands between tags. */
    public XmlOutput text(String text) throws UnfitCharacterException {
        escape(text, false);
        return this;
    }

    /** Appends {@code  name="value"}. */
    public XmlOutput attribute(String name, String value) throws UnfitCharacterException {
        out.append(' ').append(name).append("=\"");
        escape(value, true);
        out.append('"');
        return this;
    }

    private void escape(String text, boolean quoted) throws UnfitCharacterException {
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String instead = c > '>' && c < 0xd800 ? null : replaced(text, i, quoted);
            if (instead != null) {
                out.append(text, from, i).append(instead);
                from = i + 1;
            }
        }
        out.append(text, from, text.length());
    }

    private static @Nullable String replaced(String text, int i, boolean quoted) throws UnfitCharacterException {
        char c = text.charAt(i);
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\r' -> "&#xD;";
            case '"' -> quoted ? "&quot;" : null;
            case '\n' -> quoted ? "&#xA;" : null;
            case '\t' -> quoted ? "&#x9;" : null;
            default -> {
                if (c < ' ' || c >= 0xfffe || (Character.isSurrogate(c) && !isPaired(text, i))) {
                    throw new UnfitCharacterException(c);
                }
                yield null;
            }
        };
    }

    private static boolean isPaired(String text, int i) {
        return Character.isHighSurrogate(text.charAt(i))
                ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }

    /** Whether more is written than may be; who writes asks at each element. */
    public boolean isTooLong() {
        return out.length() > most;
    }

    /** How many characters may be written. */
    public long most() {
        return most;
    }

    /** All that was written, in UTF-8. */
    public byte[] toBytes() {
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** All that was written. */
    @Override
    public String toString() {
        return out.toString();
    }
}
