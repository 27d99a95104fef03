package dev.sallyport.plugins.graphql;

import dev.sallyport.api.Request;
import dev.sallyport.api.config.Condition;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.plugins.graphql.GraphqlConfig.FieldRule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may ask for which fields. Immutable. */
final class FieldRules {

    private final List<ByPath> byPath = new ArrayList<>();
    private final List<ByType> byType = new ArrayList<>();
    private final @Nullable SchemaTypes types;

    private record ByPath(String path, boolean children, Condition allow) {

        boolean matches(String asked) {
            return children
                    ? asked.startsWith(path) && asked.lastIndexOf('.') == path.length() - 1
                    : asked.equals(path);
        }
    }

    private record ByType(String type, String field, Condition allow) {}

    FieldRules(List<FieldRule> rules, @Nullable SchemaTypes types) {
        this.types = types;
        for (FieldRule rule : rules) {
            String field = rule.field();
            int dot = field.indexOf('.');
            String first = dot < 0 ? field : field.substring(0, dot);
            if (types != null && dot > 0 && types.has(first)) {
                String name = field.substring(dot + 1);
                if (!name.equals("*") && !types.has(first, name)) {
                    throw new ConfigException("fields", field + " (expected: a field that " + first + " has)");
                }
                byType.add(new ByType(first, name, rule.allow()));
            } else if (Character.isUpperCase(first.charAt(0))) {
                throw new ConfigException(
                        "fields",
                        field
                                + (types == null
                                        ? " (expected: schema beside it)"
                                        : " (expected: a type of the schema)"));
            } else {
                boolean children = field.endsWith(".*");
                byPath.add(
                        new ByPath(children ? field.substring(0, field.length() - 1) : field, children, rule.allow()));
            }
        }
    }

    /**
     * Whether a request may ask for a field.
     *
     * @param path names of fields from the root, aliases left out
     * @param type what the field is one of; null where it is not known
     */
    boolean allows(Request request, String path, @Nullable String type, String field) {
        for (ByPath rule : byPath) {
            if (rule.matches(path) && !rule.allow().holds(request)) {
                return false;
            }
        }
        if (types != null && type != null) {
            for (ByType rule : byType) {
                if ((rule.field().equals("*") || rule.field().equals(field))
                        && types.meet(type, rule.type())
                        && !rule.allow().holds(request)) {
                    return false;
                }
            }
        }
        return true;
    }
}
