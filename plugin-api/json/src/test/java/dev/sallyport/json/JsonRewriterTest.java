package dev.sallyport.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

final class JsonRewriterTest {

    private static final JsonFactory JACKSON = new JsonFactory();

    /** Looks at every name and value, and changes none. */
    private static final class Everywhere extends Place {

        @Override
        public boolean hasParts() {
            return true;
        }

        @Override
        public Place member(String name) {
            return this;
        }

        @Override
        public Place element(long index) {
            return this;
        }
    }

    /** Looks at nothing. */
    private static final class Nowhere extends Place {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] rewritten(Place place, boolean lines, byte[] json, int... cuts) throws BadContentException {
        JsonRewriter rewriter = new JsonRewriter(place, Place.Values.NONE, lines);
        int from = 0;
        for (int cut : cuts) {
            rewriter.feed(json, from, cut);
            from = cut;
        }
        rewriter.feed(json, from, json.length);
        rewriter.end();
        return rewriter.out().toArray();
    }

    /** What is wrong with it; null where nothing is and it came out as it went in. */
    private static @Nullable String fault(byte[] json) {
        List<String> faults = new ArrayList<>();
        for (Place place : List.of(new Everywhere(), new Nowhere())) {
            try {
                assertThat(rewritten(place, false, json)).isEqualTo(json);
            } catch (BadContentException e) {
                faults.add(e.problem().detail());
            }
        }
        if (faults.isEmpty()) {
            return null;
        }
        assertThat(faults).hasSize(2).allMatch(faults.getFirst()::equals);
        return faults.getFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                " true ",
                "-0",
                "1E400",
                "1.10",
                "0e-0",
                "123456789012345678901234567890.00001",
                "\"\"",
                "\"\\ud800\"",
                "\"\\u0000 \\/ \\b\\f\\n\\r\\t\\\"\\\\\"",
                "\"é€😀\u007f\"",
                "[]",
                "[ ]",
                "{}",
                "{\n}",
                "[1 , [2,{\"a\" : {} , \"a\":[]}]\t]\r\n",
                "{\"\":0,\"\\u0061\":1}",
                "\ufeff{}"
            })
    void leavesWhatIsJsonAsItIs(String json) {
        assertThat(fault(bytes(json))).isNull();
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiterString = "##", textBlock = """
        ``            ## line 1, column 1: ends too early
        ` `           ## line 1, column 2: ends too early
        `{`           ## line 1, column 2: ends too early
        `{"a":1`      ## line 1, column 7: ends too early
        `-`           ## line 1, column 2: ends too early
        `1.`          ## line 1, column 3: ends too early
        `"a`          ## line 1, column 3: ends too early
        `nul`         ## line 1, column 4: ends too early
        `nulx`        ## line 1, column 4: value expected
        `01`          ## line 1, column 2: end expected
        `-01`         ## line 1, column 3: end expected
        `+1`          ## line 1, column 1: value expected
        `.5`          ## line 1, column 1: value expected
        `1.e2`        ## line 1, column 3: digit expected
        `[1,]`        ## line 1, column 4: value expected
        `[,1]`        ## line 1, column 2: value expected
        `[1 2]`       ## line 1, column 4: , or ] expected
        `[1}`         ## line 1, column 3: , or ] expected
        `{"a":1,}`    ## line 1, column 8: name expected
        `{,}`         ## line 1, column 2: name or } expected
        `{a:1}`       ## line 1, column 2: name or } expected
        `{'a':1}`     ## line 1, column 2: name or } expected
        `{"a" 1}`     ## line 1, column 6: : expected
        `{"a":1]`     ## line 1, column 7: , or } expected
        `{} {}`       ## line 1, column 4: end expected
        `NaN`         ## line 1, column 1: value expected
        `// x`        ## line 1, column 1: value expected
        `"\\x"`       ## line 1, column 3: no such escape
        `"\\u12g4"`   ## line 1, column 6: four hexadecimal digits expected
        """)
    void saysWhereItIsNotJson(String json, String fault) {
        assertThat(fault(bytes(json))).isEqualTo(fault);
    }

    @Test
    void countsLinesAndCharacters() {
        assertThat(fault(bytes("{\n  \"é€😀\": ?}"))).isEqualTo("line 2, column 10: value expected");
        assertThat(fault(bytes("[\"a\nb\"]"))).isEqualTo("line 1, column 4: control character in a text");
    }

    @Test
    void refusesWhatIsNotInUtf8() {
        byte[][] bad = {
            {'"', (byte) 0xc0, (byte) 0x80, '"'}, // too long a form
            {'"', (byte) 0xe0, (byte) 0x80, (byte) 0x80, '"'},
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, // half of a pair
            {'"', (byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80, '"'}, // beyond the last one
            {'"', (byte) 0xff, '"'},
            {'"', (byte) 0x80, '"'},
            {'"', (byte) 0xe9, '"'},
            "{}".getBytes(StandardCharsets.UTF_16),
            "{}".getBytes(StandardCharsets.UTF_16LE),
            "{}".getBytes(StandardCharsets.UTF_16BE),
        };
        for (byte[] json : bad) {
            assertThat(fault(json)).isNotNull();
        }
    }

    @Test
    void boundsDepthAndNamesButNotTextsAndNumbers() {
        assertThat(fault(bytes("[".repeat(1_000) + "]".repeat(1_000)))).isNull();
        assertThat(fault(bytes("[".repeat(1_001) + "]".repeat(1_001))))
                .isEqualTo("line 1, column 1001: more than 1000 objects and arrays within each other");
        assertThat(fault(bytes("[" + "1".repeat(1_000_000) + ",\"" + "x".repeat(1_000_000) + "\"]")))
                .isNull();
        assertThatThrownBy(() -> rewritten(new Everywhere(), false, bytes("{\"" + "n".repeat(70_000) + "\":1}")))
                .hasMessageContaining("a name, or white space, of more than 65536 bytes");
    }

    @Test
    void takesDocumentsOnLinesOfTheirOwnWhereTold() throws Exception {
        String lines = "{\"a\":1}\n\n[2]\r\n3\n";
        for (int cut = 0; cut <= lines.length(); cut++) {
            assertThat(rewritten(new Everywhere(), true, bytes(lines), cut)).isEqualTo(bytes(lines));
        }
        assertThat(rewritten(new Everywhere(), true, new byte[0])).isEmpty();
        assertThatThrownBy(() -> rewritten(new Everywhere(), true, bytes("1 2")))
                .hasMessageContaining("line 1, column 3: line end expected");
    }

    @Test
    void judgesAsALibraryDoesWhateverBytesAreChanged() throws Exception {
        Random random = new Random(20_261_126);
        String json = "{\"a\" : [1.5e+3, -0, true,null ,\"x\\u00e9\\n\"],\n\"b\":{ }, \"c\":[[],{\"d\":false}]}";
        String alphabet = "{}[],:\"\\ \n0159-+.eEtrufalsn/*x'";
        int good = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder changed = new StringBuilder(json);
            for (int n = random.nextInt(3); n >= 0; n--) {
                int at = random.nextInt(changed.length());
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(3)) {
                    case 0 -> changed.setCharAt(at, c);
                    case 1 -> changed.insert(at, c);
                    default -> changed.deleteCharAt(at);
                }
            }
            byte[] made = bytes(changed.toString());
            boolean isGood = fault(made) == null;
            good += isGood ? 1 : 0;
            assertThat(isGood).as(changed.toString()).isEqualTo(isJsonForJackson(made));
        }
        assertThat(good).isBetween(5_000, 95_000);
    }

    @Test
    void isTheSameWhereverItIsCut() throws Exception {
        byte[] json = bytes("\ufeff{\"é\\n\" : [ 1.5e+3,-0 ,\"€😀\\ud83d\", {\"\":null } ] , \"b\":true}\n ");
        for (int first = 0; first <= json.length; first++) {
            for (int second = first; second <= json.length; second++) {
                assertThat(rewritten(new Everywhere(), false, json, first, second))
                        .isEqualTo(json);
            }
        }
    }

    /** Run with {@code -Dsallyport.jsonTestSuite=FOLDER}, the folder test_parsing of github.com/nst/JSONTestSuite. */
    @Test
    void judgesTheJsonTestSuite() throws Exception {
        String folder = System.getProperty("sallyport.jsonTestSuite", "");
        assumeTrue(!folder.isEmpty(), "no copy of JSONTestSuite is here");
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                String fault = fault(Files.readAllBytes(file));
                switch (name.charAt(0)) {
                    case 'y' -> assertThat(fault).as(name).isNull();
                    case 'n' -> assertThat(fault).as(name).isNotNull();
                    default -> System.out.println(name + ": " + (fault == null ? "taken" : fault));
                }
            }
        }
    }

    private static boolean isJsonForJackson(byte[] json) throws IOException {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
