package dev.sallyport.plugins.mask;

import dev.sallyport.json.Pointer;
import dev.sallyport.plugins.mask.MaskConfig.Rule;
import dev.sallyport.plugins.mask.MaskConfig.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the rules say of one place: the request, the response or the logs. Immutable. */
final class Hiding {

    /** A kind of data that is searched for, and what becomes of it. */
    record Pattern(Finder finder, Style style) {}

    /** A place in JSON, and what becomes of it. */
    record Field(Pointer place, Style style) {}

    private final Map<String, Style> headers = new LinkedHashMap<>();
    private final Map<String, Style> query = new LinkedHashMap<>();
    private final Map<String, Style> names = new LinkedHashMap<>();
    private final List<Field> fields = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();

    Hiding(List<Rule> rules, Where where) {
        for (Rule rule : rules) {
            if (rule.in().contains(where)) {
                rule.headers().forEach(name -> headers.putIfAbsent(lower(name), rule.as()));
                rule.query().forEach(name -> query.putIfAbsent(lower(name), rule.as()));
                rule.names().forEach(name -> names.putIfAbsent(lower(name), rule.as()));
                rule.fields().forEach(field -> fields.add(new Field(Pointer.parse(field), rule.as())));
                rule.patterns().forEach(known -> patterns.add(new Pattern(known.finder(), rule.as())));
                rule.regexes().forEach(regex -> patterns.add(new Pattern(Regex.parse(regex), rule.as())));
            }
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    boolean isNothing() {
        return headers.isEmpty() && query.isEmpty() && isNoBody();
    }

    /** Whether nothing of a body is hidden. */
    boolean isNoBody() {
        return names.isEmpty() && fields.isEmpty() && patterns.isEmpty();
    }

    /** The header fields by their names in lower case. */
    Map<String, Style> headers() {
        return headers;
    }

    boolean hasQuery() {
        return !query.isEmpty();
    }

    /** What becomes of a query parameter; null for nothing. */
    @Nullable
    Style query(String name) {
        return query.get(lower(name));
    }

    boolean hasNames() {
        return !names.isEmpty();
    }

    /** What becomes of a member of that name, or a form's field; null for nothing. */
    @Nullable
    Style name(String name) {
        return names.get(lower(name));
    }

    List<Field> fields() {
        return fields;
    }

    List<Pattern> patterns() {
        return patterns;
    }
}
