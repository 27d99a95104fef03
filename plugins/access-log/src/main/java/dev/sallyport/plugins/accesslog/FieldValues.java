package dev.sallyport.plugins.accesslog;

import dev.sallyport.api.Json;
import dev.sallyport.api.Request;
import dev.sallyport.api.Response;
import dev.sallyport.api.config.Expression;
import dev.sallyport.records.JsonOut;
import dev.sallyport.records.Lines;
import dev.sallyport.records.QueryMask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Facts that the settings name, with their values of an exchange; those that are absent are left out. */
final class FieldValues {

    private record Field(String name, Expression expression) {}

    private final List<Field> fields = new ArrayList<>();
    private final Masking masking;

    FieldValues(Map<String, LineExpression> named, QueryMask mask) {
        Set<String> names = new TreeSet<>();
        named.forEach((name, field) -> {
            fields.add(new Field(name, field.expression()));
            names.addAll(field.expression().names());
        });
        masking = new Masking(mask, names);
    }

    /** Writes them as members, numbers and lists as such. */
    JsonOut write(JsonOut out, Ended ended) {
        Request request = masking.request(ended.request());
        Response response = masking.response(ended.request(), ended.response());
        for (Field field : fields) {
            put(out, field, field.expression().object(request, response), ended.request());
        }
        return out;
    }

    private void put(JsonOut out, Field field, @Nullable Object value, Request request) {
        switch (value) {
            case null -> {}
            case String text -> out.put(field.name(), masking.value(field.expression(), text, request));
            case Long number -> out.put(field.name(), number);
            case Boolean bool -> out.put(field.name(), bool);
            case List<?> list -> json(out, field.name(), list);
            case Map<?, ?> map -> json(out, field.name(), map);
            case Double number when Double.isFinite(number) -> out.json(field.name(), number.toString());
            default -> out.put(field.name(), value.toString());
        }
    }

    /** What is too long to be written whole is no JSON any more once it is cut: so it is a text then. */
    private static void json(JsonOut out, String name, Object value) {
        String whole = Json.write(Map.of("", value));
        String text = whole.substring("{\"\":".length(), whole.length() - 1);
        if (text.length() > Lines.LONGEST) {
            out.put(name, text);
        } else {
            out.json(name, text);
        }
    }

    /** Their values as texts. */
    Map<String, String> texts(Ended ended) {
        Request request = masking.request(ended.request());
        Response response = masking.response(ended.request(), ended.response());
        Map<String, String> texts = new LinkedHashMap<>();
        for (Field field : fields) {
            String text = field.expression().value(request, response, null);
            if (text != null) {
                texts.put(field.name(), masking.value(field.expression(), text, ended.request()));
            }
        }
        return texts;
    }
}
