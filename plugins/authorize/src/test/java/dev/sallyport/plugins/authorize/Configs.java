package dev.sallyport.plugins.authorize;

import java.util.Arrays;
import java.util.List;

/** Settings for tests. */
final class Configs {

    private Configs() {}

    static AuthorizeConfig allow(String... conditions) {
        return new AuthorizeConfig(rules(conditions), List.of());
    }

    static AuthorizeConfig deny(String... conditions) {
        return new AuthorizeConfig(List.of(), rules(conditions));
    }

    static List<Rule> rules(String... conditions) {
        return Arrays.stream(conditions)
                .map(condition -> new Rule(Condition.parse(condition), null, null))
                .toList();
    }
}
