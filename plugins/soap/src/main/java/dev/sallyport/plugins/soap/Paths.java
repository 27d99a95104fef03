package dev.sallyport.plugins.soap;

import java.net.URI;

/** Paths of addresses. */
final class Paths {

    private Paths() {}

    /** The path of a URL; {@code /} where it has none, or is none. */
    static String of(String url) {
        try {
            String path = URI.create(url).getRawPath();
            return path == null || path.isEmpty() ? "/" : path;
        } catch (IllegalArgumentException noUrl) {
            return "/";
        }
    }
}
