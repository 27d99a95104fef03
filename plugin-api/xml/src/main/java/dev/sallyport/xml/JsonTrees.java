package dev.sallyport.xml;

import dev.sallyport.json.BadContentException;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Num;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Reads JSON into trees, strictly: UTF-8, one value, no name twice, within bounds. Writes them. Thread-safe. */
public final class JsonTrees {

    private static final int MOST_DIGITS = 1_000;
    private static final int LONGEST_NAME = 1_000;

    private final JsonFactory factory;
    private final int maxDepth;

    /** @param maxDepth how deep objects and arrays may be nested */
    public JsonTrees(int maxDepth) {
        this.maxDepth = maxDepth;
        factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(MOST_DIGITS)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNameLength(LONGEST_NAME)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Clients make up the names: what they sent would be kept as long as this is.
                .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                // Others keep buffers in thread locals, and this plugin with them.
                .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                .build();
    }

    /**
     * Reads one value.
     *
     * @throws BadContentException where it is not one, {@code json-invalid} with line and column
     */
    public Value read(byte[] json) throws BadContentException {
        Utf8.check(json, (line, column) -> BadContentException.json(line, column, "no UTF-8"));
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), json)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw BadContentException.json(1, 1, "nothing there (expected: a value)");
            }
            Value value = value(parser, first);
            if (parser.nextToken() != null) {
                throw bad(parser.currentTokenLocation(), "more after the value (expected: the end)");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw bad(
                    e.getLocation(),
                    "nested deeper than " + maxDepth + ", or a number or a name that is too long (expected: less)");
        } catch (JacksonException e) {
            boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
            throw bad(e.getLocation(), twice ? "a name that stands twice in an object" : "no JSON");
        }
    }

    private static BadContentException bad(TokenStreamLocation at, String what) {
        return at == null
                ? BadContentException.json(1, 1, what)
                : BadContentException.json(Math.max(at.getLineNr(), 1), Math.max(at.getColumnNr(), 1), what);
    }

    private static Value value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_TRUE -> new Bool(true);
            case VALUE_FALSE -> new Bool(false);
            case VALUE_NULL -> Nil.NIL;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getString());
            default -> new Text(parser.getString());
        };
    }

    private static Value object(JsonParser parser) {
        Obj object = new Obj();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            object.put(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static Value array(JsonParser parser) {
        Arr array = new Arr();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.items().add(value(parser, token));
        }
        return array;
    }

    /** Its JSON, in UTF-8, without white space. */
    public byte[] write(Value value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
        try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            write(value, generator);
        }
        return out.toByteArray();
    }

    private static void write(Value value, JsonGenerator out) {
        switch (value) {
            case Obj object -> {
                out.writeStartObject();
                for (Map.Entry<String, Value> member : object.members().entrySet()) {
                    out.writeName(member.getKey());
                    write(member.getValue(), out);
                }
                out.writeEndObject();
            }
            case Arr array -> {
                out.writeStartArray();
                for (Value item : array.items()) {
                    write(item, out);
                }
                out.writeEndArray();
            }
            case Text text -> out.writeString(text.text());
            case Num number -> out.writeRawValue(number.text());
            case Bool bool -> out.writeBoolean(bool.is());
            case Nil _ -> out.writeNull();
        }
    }
}
