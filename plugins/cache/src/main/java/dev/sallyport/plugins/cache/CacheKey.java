package dev.sallyport.plugins.cache;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Expression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * What tells the requests of a cache apart.
 *
 * @param parts beside the URL
 * @param body whether bodies do as well
 */
record CacheKey(List<Expression> parts, boolean body) {

    private static final int LONGEST = 200;

    /**
     * The key of one request.
     *
     * @param url what it asks for; what is invalidated is told by it
     * @param rest what else tells it apart; {@code ""} for nothing
     */
    record Of(String url, String rest) {}

    /** @param request with a replayable body where bodies count */
    Of of(Request request) throws IOException {
        String url = url(request.exchange().scheme(), request.headers().get("host", ""), target(request));
        if (parts.isEmpty() && !body) {
            return new Of(url, "");
        }
        StringBuilder rest = new StringBuilder();
        if (body) {
            rest.append(request.method()).append(' ').append(digest(request)).append('\n');
        }
        for (Expression part : parts) {
            String value = part.value(request);
            // The length before it keeps what one part says from looking like the next one.
            rest.append(value == null ? "-" : value.length() + "=" + value).append('\n');
        }
        return new Of(url, rest.toString());
    }

    static String url(String scheme, String host, String target) {
        return scheme + "://" + host.toLowerCase(Locale.ROOT) + target;
    }

    /** Where parameters of the query are named, the others do not count. */
    private String target(Request request) {
        return parts.stream().anyMatch(part -> part.names().stream().anyMatch(name -> name.startsWith("query.")))
                ? request.path()
                : request.target().toString();
    }

    private static String digest(Request request) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = request.body().open()) {
            digest.update(in.readAllBytes());
        }
        digest.update((byte) 0);
        digest.update(request.headers().get("content-type", "").getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A text of bounded length that stands for this one. */
    static String shortened(String text) {
        return text.length() <= LONGEST
                ? text
                : "#" + HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
