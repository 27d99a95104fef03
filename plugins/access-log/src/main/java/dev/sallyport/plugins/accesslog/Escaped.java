package dev.sallyport.plugins.accesslog;

import dev.sallyport.records.Lines;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Values in lines of text, so that a client ends neither a value nor a line: as nginx writes them, {@code \x22}. */
final class Escaped {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Escaped() {}

    /**
     * Appends a value: what is beyond ASCII, quotes, backslashes and control characters escaped; a dash where there is none.
     *
     * @param end another character that would end it
     */
    static void append(StringBuilder line, @Nullable String value, char end) {
        if (value == null || value.isEmpty()) {
            line.append('-');
            return;
        }
        String text = Lines.cut(value);
        int from = 0;
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != end) {
                i++;
                continue;
            }
            line.append(text, from, i);
            int whole = text.codePointAt(i);
            i += Character.charCount(whole);
            from = i;
            for (byte b : Character.toString(whole).getBytes(StandardCharsets.UTF_8)) {
                line.append("\\x").append(HEX.toHexDigits(b));
            }
        }
        line.append(text, from, text.length());
    }
}
