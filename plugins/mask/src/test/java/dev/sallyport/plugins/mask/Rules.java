package dev.sallyport.plugins.mask;

import dev.sallyport.plugins.mask.MaskConfig.Rule;
import dev.sallyport.plugins.mask.MaskConfig.Where;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Settings for tests. */
final class Rules {

    static final Style STARS = new Style.Stars();

    private Rules() {}

    static MaskConfig config(Rule... rules) {
        return new MaskConfig(
                List.of(rules),
                List.of("application/json", "+json", "application/x-ndjson"),
                List.of("text/*", "application/xml"));
    }

    static Rule fields(Style as, String... fields) {
        return new Rule(everywhere(), List.of(fields), List.of(), List.of(), List.of(), List.of(), List.of(), as);
    }

    static Rule names(Style as, String... names) {
        return new Rule(everywhere(), List.of(), List.of(names), List.of(), List.of(), List.of(), List.of(), as);
    }

    static Rule headers(Style as, String... headers) {
        return new Rule(everywhere(), List.of(), List.of(), List.of(headers), List.of(), List.of(), List.of(), as);
    }

    static Rule query(Style as, String... query) {
        return new Rule(everywhere(), List.of(), List.of(), List.of(), List.of(query), List.of(), List.of(), as);
    }

    static Rule patterns(Style as, KnownPattern... patterns) {
        return new Rule(everywhere(), List.of(), List.of(), List.of(), List.of(), List.of(patterns), List.of(), as);
    }

    static Rule regexes(Style as, String... regexes) {
        return new Rule(everywhere(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(regexes), as);
    }

    static Rule in(Where where, Rule rule) {
        return new Rule(
                Set.of(where),
                rule.fields(),
                rule.names(),
                rule.headers(),
                rule.query(),
                rule.patterns(),
                rule.regexes(),
                rule.as());
    }

    private static Set<Where> everywhere() {
        return EnumSet.allOf(Where.class);
    }
}
