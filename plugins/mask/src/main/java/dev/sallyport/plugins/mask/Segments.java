package dev.sallyport.plugins.mask;

import dev.sallyport.plugins.mask.Hiding.Pattern;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Hides what is found in the segments of a path. */
final class Segments {

    private Segments() {}

    static String searched(String path, List<Pattern> patterns, Count count) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            String meant = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
            String searched = TextRewriter.text(meant, patterns, count);
            segments.add(
                    searched.equals(meant)
                            ? segment
                            : URLEncoder.encode(searched, StandardCharsets.UTF_8)
                                    .replace("+", "%20"));
        }
        return String.join("/", segments);
    }
}
