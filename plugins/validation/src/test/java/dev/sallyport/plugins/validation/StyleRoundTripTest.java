package dev.sallyport.plugins.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What clients write in a style is read as what they meant, for thousands of values made at random. */
final class StyleRoundTripTest {

    private static final Shape TEXT = shape(Shape.Kind.STRING);
    private static final Shape NUMBER = shape(Shape.Kind.NUMBER);
    private static final Shape TEXTS = new Shape(EnumSet.of(Shape.Kind.ARRAY), Map.of(), TEXT, true);
    private static final Shape NUMBERS = new Shape(EnumSet.of(Shape.Kind.ARRAY), Map.of(), NUMBER, true);
    private static final Shape OBJECT =
            new Shape(EnumSet.of(Shape.Kind.OBJECT), Map.of("r", NUMBER, "g,&", TEXT, "b=;", TEXT), null, true);

    private static Shape shape(Shape.Kind kind) {
        return new Shape(EnumSet.of(kind), Map.of(), null, true);
    }

    @ParameterizedTest
    @CsvSource({"SIMPLE,false", "SIMPLE,true", "LABEL,false", "LABEL,true", "MATRIX,false", "MATRIX,true"})
    void readsPathsAsTheyWereMeant(Style style, boolean explode) throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            for (Shape shape : List.of(TEXT, NUMBER, TEXTS, NUMBERS, OBJECT)) {
                JsonNode meant = value(shape, random);
                String written = WrittenStyle.single(style, explode, "p;1", meant);

                JsonNode read = style.read("p;1", written, shape, explode, text -> Texts.decoded(text, false));

                assertThat(read).as(written).isEqualTo(meant);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"FORM,false", "FORM,true", "DEEP_OBJECT,true"})
    void readsQueriesAsTheyWereMeant(Style style, boolean explode) throws Exception {
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            for (Shape shape : style == Style.FORM ? List.of(TEXT, NUMBER, TEXTS, NUMBERS, OBJECT) : List.of(OBJECT)) {
                JsonNode meant = value(shape, random);
                String written = "other=1&" + WrittenStyle.query(style, explode, "p&1", meant) + "&last=2";

                JsonNode read = style.read("p&1", Pair.ofQuery(written), shape, explode);

                assertThat(read).as(written).isEqualTo(meant);
            }
        }
    }

    @Test
    void readsDelimitedNumbersAsTheyWereMeant() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            JsonNode meant = value(NUMBERS, random);
            for (Style style : List.of(Style.SPACE_DELIMITED, Style.PIPE_DELIMITED)) {
                String written = WrittenStyle.query(style, false, "p", meant);

                assertThat(style.read("p", Pair.ofQuery(written), NUMBERS, false))
                        .isEqualTo(meant);
            }
        }
    }

    private static JsonNode value(Shape shape, Random random) {
        if (shape.isArray()) {
            ArrayNode array = Texts.NODES.arrayNode();
            for (int i = random.nextInt(4); i >= 0; i--) {
                array.add(value(shape.item(), random));
            }
            return array;
        }
        if (shape.isObject()) {
            ObjectNode object = Texts.NODES.objectNode();
            shape.properties().forEach((name, inner) -> object.set(name, value(inner, random)));
            return object;
        }
        if (shape.kinds().contains(Shape.Kind.NUMBER)) {
            return Texts.NODES.numberNode(random.nextInt());
        }
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint("a1,;=&.|/%+ ä€😀[]\"".codePoints().toArray()[random.nextInt(18)]);
        }
        return Texts.NODES.stringNode(text.toString());
    }
}
