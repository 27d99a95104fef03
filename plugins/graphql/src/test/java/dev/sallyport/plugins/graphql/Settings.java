package dev.sallyport.plugins.graphql;

import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.Size;
import dev.sallyport.plugins.graphql.GraphqlConfig.FieldRule;
import dev.sallyport.plugins.graphql.GraphqlConfig.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Settings for tests: the defaults but for what a test says. */
final class Settings {

    int maxDepth = 10;
    int maxFields = 500;
    int maxAliases = 15;
    int maxDirectives = 30;
    long maxComplexity = 1000;
    Map<String, Integer> costs = Map.of();
    int maxTokens = 2000;
    int maxBatch = 1;
    Set<Kind> kinds = Set.of(Kind.values());
    boolean nameRequired;
    String introspection = "false";
    Path schema;
    List<FieldRule> fields = List.of();
    boolean automatic;
    Path listed;
    boolean onlyListed;

    GraphqlConfig build() {
        return new GraphqlConfig(
                maxDepth,
                maxFields,
                maxAliases,
                maxDirectives,
                maxComplexity,
                costs,
                List.of("first", "last", "limit"),
                10,
                maxTokens,
                Size.parse("256KiB"),
                maxBatch,
                kinds,
                nameRequired,
                Condition.parse(introspection),
                schema,
                fields,
                automatic,
                "memory",
                Duration.ofDays(1),
                listed,
                onlyListed);
    }
}
