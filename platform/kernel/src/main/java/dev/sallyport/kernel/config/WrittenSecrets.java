package dev.sallyport.kernel.config;

import dev.sallyport.kernel.config.YamlSpans.Kind;
import dev.sallyport.kernel.config.YamlSpans.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The secrets that are written out in the text of a file, so that its lines can be shown without them. What is one is told by
 * its key, as in {@link WrittenConfig}.
 */
public final class WrittenSecrets {

    private WrittenSecrets() {}

    /** The text with {@value WrittenConfig#HIDDEN} in their places; it has as many lines. */
    public static String hide(String text) {
        return hide(text, secret -> true);
    }

    /** The same, but of those alone that another text has too: what somebody brings anew is no news to them. */
    public static String hideThoseOf(String other, String text) {
        Set<String> known = new HashSet<>();
        spans(other).forEach(span -> known.add(span.value()));
        return hide(text, known::contains);
    }

    /** Whether a value is what is shown in the place of a secret: sent back as it was shown, it would replace that. */
    public static boolean isHiddenAnywhere(String text) {
        Span root = YamlSpans.of(text);
        return root != null && isHiddenAnywhere(root);
    }

    private static boolean isHiddenAnywhere(Span span) {
        return span.value().equals(WrittenConfig.HIDDEN)
                || span.inside().stream().anyMatch(WrittenSecrets::isHiddenAnywhere);
    }

    private static String hide(String text, Predicate<String> which) {
        if (!text.isBlank() && YamlSpans.of(text) == null) {
            return text.replaceAll("[^\n]+", WrittenConfig.HIDDEN); // nobody knows what is a secret in it
        }
        StringBuilder shown = new StringBuilder();
        int from = 0;
        for (Span span : spans(text)) {
            if (which.test(span.value())) {
                String written = text.substring(span.from(), span.to());
                shown.append(text, from, span.from()).append(WrittenConfig.HIDDEN);
                shown.append(
                        "\n".repeat((int) written.chars().filter(c -> c == '\n').count()));
                from = span.to();
            }
        }
        return shown.append(text, from, text.length()).toString();
    }

    private static List<Span> spans(String text) {
        List<Span> secrets = new ArrayList<>();
        Span root = YamlSpans.of(text);
        if (root != null) {
            collect("", root, secrets);
        }
        return secrets;
    }

    private static void collect(String key, Span span, List<Span> secrets) {
        List<Span> inside = span.inside();
        switch (span.kind()) {
            case SCALAR -> {
                if (!span.isNothing() && WrittenConfig.isSecret(key, span.value())) {
                    secrets.add(span);
                }
            }
            case LIST -> inside.forEach(item -> collect(key, item, secrets));
            case MAP -> {
                for (int i = 0; i + 1 < inside.size(); i += 2) {
                    Span name = inside.get(i);
                    collect(name.kind() == Kind.SCALAR ? name.value() : "", inside.get(i + 1), secrets);
                }
            }
        }
    }
}
