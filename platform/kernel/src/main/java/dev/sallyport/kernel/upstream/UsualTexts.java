package dev.sallyport.kernel.upstream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names and values that stand in nearly every head, so that they need not be made anew for each. Thread-safe. */
final class UsualTexts {

    private static final int LONGEST = 32;

    /** As servers write them; names also in lower case. */
    private static final List<String> NAMES = List.of(
            "Accept-Ranges",
            "Access-Control-Allow-Credentials",
            "Access-Control-Allow-Origin",
            "Age",
            "Alt-Svc",
            "Cache-Control",
            "Connection",
            "Content-Encoding",
            "Content-Language",
            "Content-Length",
            "Content-Security-Policy",
            "Content-Type",
            "Date",
            "ETag",
            "Expires",
            "Keep-Alive",
            "Last-Modified",
            "Link",
            "Location",
            "Pragma",
            "Referrer-Policy",
            "Server",
            "Set-Cookie",
            "Strict-Transport-Security",
            "Transfer-Encoding",
            "Vary",
            "Via",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "X-Powered-By",
            "X-Request-ID",
            "X-XSS-Protection");

    private static final List<String> VALUES = List.of(
            "0",
            "Accept-Encoding",
            "DENY",
            "SAMEORIGIN",
            "application/json",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "bytes",
            "chunked",
            "close",
            "gzip",
            "keep-alive",
            "nginx",
            "no-cache",
            "no-store",
            "nosniff",
            "text/html",
            "text/html; charset=utf-8",
            "text/plain",
            "text/plain; charset=utf-8",
            "timeout=5");

    /** By {@link #place}; those that fall on one place stand in the next ones. */
    private static final @Nullable String[] TABLE = new String[512];

    static {
        for (String name : NAMES) {
            keep(name);
            keep(name.toLowerCase(Locale.ROOT));
        }
        VALUES.forEach(UsualTexts::keep);
    }

    private UsualTexts() {}

    /** Those bytes as ISO 8859-1. */
    static String of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > 0 && length <= LONGEST) {
            int at = place(bytes, from, length);
            for (String kept = TABLE[at]; kept != null; kept = TABLE[at]) {
                if (is(kept, bytes, from, length)) {
                    return kept;
                }
                at = (at + 1) % TABLE.length;
            }
        }
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private static void keep(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int at = place(bytes, 0, bytes.length);
        while (TABLE[at] != null) {
            at = (at + 1) % TABLE.length;
        }
        TABLE[at] = text;
    }

    private static int place(byte[] bytes, int from, int length) {
        int hash = length;
        hash = hash * 31 + bytes[from];
        hash = hash * 31 + bytes[from + length / 2];
        hash = hash * 31 + bytes[from + length - 1];
        return hash & (TABLE.length - 1);
    }

    private static boolean is(String kept, byte[] bytes, int from, int length) {
        if (kept.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (kept.charAt(i) != (char) (bytes[from + i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
