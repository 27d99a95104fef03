package dev.sallyport.plugins.elk;

import dev.sallyport.api.Body;
import dev.sallyport.api.Headers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides of which bodies the beginning is kept: texts of the media types that were named, as they are on the wire. */
final class BodyCapture {

    /** Of none. */
    static final BodyCapture NOTHING = new BodyCapture(Set.of(), 0);

    private final Set<String> types;
    private final int most;

    BodyCapture(ElkConfig.BodyConfig config) {
        this(Set.copyOf(config.types()), (int) config.max().bytes());
    }

    private BodyCapture(Set<String> types, int most) {
        this.types = types;
        this.most = most;
    }

    /** A body that keeps its beginning; null where nothing of it is to be kept. */
    @Nullable
    CapturedBody of(Headers headers, Body body) {
        if (most == 0 || body.isEmpty()) {
            return null;
        }
        String type = headers.get("content-type");
        String coding = headers.get("content-encoding");
        if (type == null || (coding != null && !coding.equalsIgnoreCase("identity"))) {
            return null;
        }
        int semicolon = type.indexOf(';');
        String name =
                (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        boolean listed = types.contains(name) || (name.endsWith("+json") && types.contains("application/json"));
        return listed ? new CapturedBody(body, most, charset(type)) : null;
    }

    private static Charset charset(String type) {
        int at = type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return StandardCharsets.UTF_8;
        }
        String name = type.substring(at + "charset=".length())
                .replaceFirst(";.*", "")
                .replace("\"", "")
                .strip();
        try {
            return Charset.forName(name);
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }
}
