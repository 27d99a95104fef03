package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Json;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Expression;
import dev.sallyport.json.JsonRewriter;
import dev.sallyport.json.JsonText;
import dev.sallyport.json.Place.Values;
import dev.sallyport.json.Pointer;
import dev.sallyport.json.Rewriter;
import dev.sallyport.plugins.jsontransform.Change.Kind;
import dev.sallyport.plugins.jsontransform.JsonTransformConfig.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is done with a document: its operations as passes over it, as few as give the same result as one operation after the
 * other. Immutable.
 */
final class Operations {

    private final List<Pass> passes;
    private final List<Function<Request, byte @Nullable []>> values;

    /** A way over a document. */
    private sealed interface Pass {

        /** Changes at places. */
        record Changes(Node document) implements Pass {}

        /** Another document. */
        record Whole(Template template, long maxBody) implements Pass {}
    }

    private Operations(List<Pass> passes, List<Function<Request, byte @Nullable []>> values) {
        this.passes = passes;
        this.values = values;
    }

    /**
     * Judges those of a setting.
     *
     * @throws ConfigException where one cannot be made
     */
    static void check(String key, List<Operation> operations) {
        Reading reading = new Reading();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            reading.read(key + "[" + i + "]", operation);
            String template = operation.template();
            if (template != null) {
                template(key + "[" + i + "].template", () -> Template.checked(template));
            }
        }
    }

    private static <T> T template(String key, Supplier<T> compiler) {
        try {
            return compiler.get();
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Those of a setting.
     *
     * @throws ConfigException where one cannot be made
     */
    static Operations of(String key, List<Operation> operations, JsonTransformConfig config, FilterContext context) {
        Reading reading = new Reading();
        List<Pass> passes = new ArrayList<>();
        List<Change> pass = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            String template = operation.template();
            if (template == null) {
                for (Change change : reading.read(key + "[" + i + "]", operation)) {
                    if (!pass.stream().allMatch(change::isApartFrom)) {
                        end(pass, passes);
                    }
                    pass.add(change);
                }
            } else {
                end(pass, passes);
                Template compiled = template(
                        key + "[" + i + "].template",
                        () -> Template.compile(template, config.templateTime().toNanos(), context));
                passes.add(new Pass.Whole(compiled, config.maxBody().bytes()));
            }
        }
        end(pass, passes);
        return new Operations(List.copyOf(passes), List.copyOf(reading.values));
    }

    private static void end(List<Change> pass, List<Pass> passes) {
        if (!pass.isEmpty()) {
            passes.add(new Pass.Changes(Node.of(pass)));
            pass.clear();
        }
    }

    boolean isEmpty() {
        return passes.isEmpty();
    }

    /** How often each byte is looked at. */
    int passes() {
        return passes.size();
    }

    /** What makes them for one body, with the values of that request. */
    Rewriter rewriter(Request request, boolean lines) {
        byte[] @Nullable [] made = new byte[values.size()][];
        for (int i = 0; i < made.length; i++) {
            made[i] = values.get(i).apply(request);
        }
        Values all = index -> made[index];
        Rewriter rewriter = rewriter(passes.getFirst(), request, all, lines);
        for (Pass pass : passes.subList(1, passes.size())) {
            rewriter = new Chained(rewriter, rewriter(pass, request, all, lines));
        }
        return rewriter;
    }

    private static Rewriter rewriter(Pass pass, Request request, Values values, boolean lines) {
        return switch (pass) {
            case Pass.Changes(Node document) -> new JsonRewriter(document, values, lines);
            case Pass.Whole(Template template, long maxBody) -> new TemplateRewriter(template, request, maxBody, lines);
        };
    }

    private static final class Reading {

        private final List<Function<Request, byte @Nullable []>> values = new ArrayList<>();
        private List<Change> changes = new ArrayList<>();

        List<Change> read(String key, Operation operation) {
            changes = new ArrayList<>();
            operation
                    .set()
                    .forEach((place, value) ->
                            change(Kind.SET, key + ".set", place, value(key + ".set." + place, value), ""));
            operation
                    .add()
                    .forEach((place, value) ->
                            change(Kind.ADD, key + ".add", place, value(key + ".add." + place, value), ""));
            operation
                    .replace()
                    .forEach((place, value) ->
                            change(Kind.REPLACE, key + ".replace", place, value(key + ".replace." + place, value), ""));
            operation.remove().forEach(place -> change(Kind.REMOVE, key + ".remove", place, -1, ""));
            operation.rename().forEach((place, name) -> change(Kind.RENAME, key + ".rename", place, -1, name));
            operation.mask().forEach(place -> change(Kind.MASK, key + ".mask", place, -1, ""));
            return changes;
        }

        private void change(Kind kind, String key, String place, int value, String name) {
            try {
                Change change = new Change(kind, Pointer.parse(place), value, name);
                change.check(key);
                changes.add(change);
            } catch (IllegalArgumentException e) {
                throw new ConfigException(key, String.valueOf(e.getMessage()));
            }
        }

        private int value(String key, @Nullable Object value) {
            values.add(function(key, value));
            return values.size() - 1;
        }

        private static Function<Request, byte @Nullable []> function(String key, @Nullable Object value) {
            if (value instanceof Map<?, ?> map && map.size() == 1) {
                Object from = map.get("from");
                if (from != null) {
                    return expression(key, from.toString());
                }
                if (map.containsKey("value")) {
                    return constant(map.get("value"));
                }
            }
            return constant(value);
        }

        private static Function<Request, byte @Nullable []> expression(String key, String text) {
            try {
                Expression expression = Expression.parse(text);
                return request -> {
                    String value = expression.value(request);
                    return value == null ? null : JsonText.quoted(value);
                };
            } catch (IllegalArgumentException e) {
                throw new ConfigException(key, "from: " + e.getMessage());
            }
        }

        private static Function<Request, byte @Nullable []> constant(@Nullable Object value) {
            byte[] json = json(value);
            return request -> json;
        }

        private static byte[] json(@Nullable Object value) {
            List<@Nullable Object> alone = new ArrayList<>(1);
            alone.add(value);
            String object = Json.write(Map.of("v", alone)); // the API writes objects
            return object.substring("{\"v\":[".length(), object.length() - "]}".length())
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
