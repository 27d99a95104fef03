package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Request;
import dev.sallyport.plugins.graphql.GraphqlConfig.Kind;
import dev.sallyport.plugins.graphql.RefusedException.Why;
import graphql.language.Document;
import graphql.language.OperationDefinition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says whether an operation passes. Thread-safe. */
final class Judge {

    private final GraphqlConfig config;
    private final Documents documents;
    private final @Nullable SchemaTypes types;
    private final FieldRules rules;

    Judge(GraphqlConfig config) {
        this.config = config;
        documents = new Documents(config);
        types = config.schema() == null ? null : SchemaTypes.read(config.schema());
        rules = new FieldRules(config.fields(), types);
    }

    /**
     * Judges what a call asks for.
     *
     * @param request whose consumer, and what else conditions read, counts
     * @param safe whether the method is one that changes nothing
     */
    Operation judge(Call call, Request request, boolean safe) throws RefusedException {
        Document document = documents.parse(String.valueOf(call.query()));
        OperationDefinition operation = chosen(document, call.operationName());
        Kind kind = Kind.valueOf(operation.getOperation().name().toUpperCase(Locale.ROOT));
        if (safe && kind == Kind.MUTATION) {
            throw new RefusedException(Why.METHOD, "a mutation is asked by POST");
        }
        if (!config.kinds().contains(kind)) {
            throw new RefusedException(Why.KIND, "a " + kind.name().toLowerCase(Locale.ROOT) + " does not pass");
        }
        if (config.nameRequired() && operation.getName() == null) {
            throw new RefusedException(Why.INVALID, "the operation needs a name");
        }
        try {
            return new Walk(config, types, rules, document, call.variables(), request).run(operation, kind);
        } catch (StackOverflowError tooDeep) {
            throw new RefusedException(Why.TOO_COMPLEX, "the operation is nested too deep");
        }
    }

    void selfTest() throws RefusedException {
        Call call = Call.of(Call.read("the test", "{\"query\":\"{a}\"}".getBytes(StandardCharsets.UTF_8)));
        chosen(documents.parse(String.valueOf(call.query())), null);
    }

    private static OperationDefinition chosen(Document document, @Nullable String name) throws RefusedException {
        List<OperationDefinition> all = document.getDefinitionsOfType(OperationDefinition.class);
        List<OperationDefinition> named = name == null || name.isEmpty()
                ? all
                : all.stream().filter(each -> name.equals(each.getName())).toList();
        if (named.size() != 1) {
            throw new RefusedException(
                    Why.INVALID,
                    named.isEmpty()
                            ? "there is no such operation"
                            : "operationName has to say which operation is meant");
        }
        return named.getFirst();
    }
}
