package dev.sallyport.plugins.cors;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The origins that may call: those that are written out in a set, the others one after the other. */
final class Origins {

    private final Set<String> exact;
    private final List<OriginRule> others;

    Origins(List<OriginRule> rules) {
        exact = rules.stream().filter(OriginRule::isExact).map(OriginRule::text).collect(Collectors.toSet());
        others = rules.stream().filter(rule -> !rule.isExact()).toList();
    }

    boolean take(String origin) {
        if (exact.contains(origin)) {
            return true;
        }
        for (OriginRule rule : others) {
            if (rule.takes(origin)) {
                return true;
            }
        }
        return false;
    }
}
