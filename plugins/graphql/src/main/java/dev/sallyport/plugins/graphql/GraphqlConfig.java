package dev.sallyport.plugins.graphql;

import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Max;
import dev.sallyport.api.config.Min;
import dev.sallyport.api.config.Size;
import dev.sallyport.api.config.StoreName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of the step {@code graphql}. */
public record GraphqlConfig(
        @Doc("How deep fields may be nested.") @Default("10") @Min(1) @Max(200)
        int maxDepth,

        @Doc("How many fields an operation may select, fragments spread out.") @Default("500") @Min(1) @Max(100000)
        int maxFields,

        @Doc("How many of them may have an alias.") @Default("15") @Min(0) @Max(100000)
        int maxAliases,

        @Doc("How many directives an operation may have.") @Default("30") @Min(0) @Max(100000)
        int maxDirectives,

        @Doc("What an operation may cost: each field costs 1, or what costs says, times the size of the lists"
                + " around it.")
        @Default("1000")
        @Min(1)
        long maxComplexity,

        @Doc("What fields cost, by Type.field where there is a schema, else by their path: user.posts.")
        Map<String, Integer> costs,

        @Doc("The arguments that say how long a list will be.") @Default("[first, last, limit]")
        List<String> listArguments,

        @Doc("How long a list is taken for that no argument bounds; lists are known by the schema.")
        @Default("10")
        @Min(1)
        int listSize,

        @Doc("The most tokens of a query.") @Default("2000") @Min(1) @Max(100000)
        int maxTokens,

        @Doc("The most bytes of a request's body, variables included.") @Default("256KiB")
        Size maxBody,

        @Doc("How many operations a request may hold as an array.") @Default("1") @Min(1) @Max(100)
        int maxBatch,

        @Doc("Which kinds of operations pass.") @Default("[query, mutation, subscription]") @Min(1)
        Set<Kind> kinds,

        @Doc("Refuses operations without a name.") boolean nameRequired,

        @Doc("Who may ask for the schema (__schema, __type).") @Default("false")
        Condition introspection,

        @Doc("The schema in SDL, relative to the folder of the configuration: for rules and costs by type, and for the"
                + " length of lists.")
        @Nullable
        Path schema,

        @Doc("Who may ask for which fields; what no rule names may be asked for by all.")
        List<FieldRule> fields,

        @Doc("Persisted queries that clients register by themselves (Apollo's protocol).")
        boolean automatic,

        @Doc("Where those are kept.") @Default("memory") @StoreName
        String store,

        @Doc("How long one is kept after it was registered.") @Default("1d")
        Duration ttl,

        @Doc("The file of listed queries, a JSON object of their texts by any id, or by their SHA-256 in hex.")
        @Nullable
        Path listed,

        @Doc("Lets pass only queries that are listed.") boolean onlyListed) {

    /** What an operation does. */
    public enum Kind {
        QUERY,
        MUTATION,
        SUBSCRIPTION
    }

    /** Who may ask for some fields. */
    public record FieldRule(
            @Doc("A path from the operation's root, user.email, whose last part may be \\*; or Type.field with a"
                    + " schema.")
            String field,

            @Doc("Who may: a condition such as consumer == \"admin\".")
            Condition allow) {}

    public GraphqlConfig {
        costs = Map.copyOf(costs);
        listArguments = List.copyOf(listArguments);
        kinds = Set.copyOf(kinds);
        fields = List.copyOf(fields);
        if (onlyListed && listed == null) {
            throw new ConfigException("onlyListed", "true without a list (expected: listed beside it)");
        }
        if (onlyListed && automatic) {
            throw new ConfigException("automatic", "true beside onlyListed (expected: one of them)");
        }
        if (maxBody.bytes() < 1 || maxBody.bytes() > 16L << 20) {
            throw new ConfigException("maxBody", maxBody + " (expected: 1B to 16MiB)");
        }
        costs.forEach((field, cost) -> {
            if (cost < 0) {
                throw new ConfigException("costs." + field, cost + " (expected: 0 or more)");
            }
        });
        for (FieldRule rule : fields) {
            if (!rule.field().matches("[_A-Za-z][_0-9A-Za-z]*(\\.[_A-Za-z][_0-9A-Za-z]*)*(\\.\\*)?")) {
                throw new ConfigException("fields", rule.field() + " (expected: such as user.email or User.email)");
            }
        }
    }
}
