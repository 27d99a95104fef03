package dev.sallyport.plugins.grpcjson;

import dev.sallyport.json.BadContentException;
import dev.sallyport.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What grammar alone does not say of JSON: how deep it is nested, how many values it has, and that no name stands twice in an object, which protobuf's
 * reader would not tell. For one document.
 */
final class Structure {

    /** A set that has held more is not emptied for the next object, which would take longer than to make another. */
    private static final int SMALL = 32;

    /** Each is an object in memory, many times as large as it is written. */
    static final int MOST_VALUES = 250_000;

    private final byte[] json;
    private final int mostDepth;
    private final BitSet objects = new BitSet();
    private final List<Set<String>> names = new ArrayList<>();
    private int depth;
    private int values = 1;

    private Structure(byte[] json, int mostDepth) {
        this.json = json;
        this.mostDepth = mostDepth;
    }

    /**
     * Looks through JSON that is known to be valid.
     *
     * @throws BadContentException where it is nested deeper, has more values than {@link #MOST_VALUES}, or a name stands twice, with the place
     */
    static void check(byte[] json, int mostDepth) throws BadContentException {
        new Structure(json, mostDepth).check();
    }

    private void check() throws BadContentException {
        boolean name = false;
        for (int i = 0; i < json.length; i++) {
            switch (json[i]) {
                case '"' -> {
                    int end = end(i + 1);
                    if (name) {
                        name(i + 1, end);
                    }
                    i = end;
                }
                case '{', '[' -> {
                    name = json[i] == '{';
                    begin(name, i);
                }
                case '}', ']' -> depth--;
                case ',' -> {
                    name = objects.get(depth);
                    count(i);
                }
                case ':' -> name = false;
                default -> {}
            }
        }
    }

    private void begin(boolean object, int at) throws BadContentException {
        if (++depth > mostDepth) {
            throw bad(at, "nested more than " + mostDepth + " deep");
        }
        count(at); // of what is in it the first one, and by each comma one more
        objects.set(depth, object);
        while (names.size() <= depth) {
            names.add(new HashSet<>());
        }
        if (names.get(depth).size() > SMALL) {
            names.set(depth, new HashSet<>());
        } else {
            names.get(depth).clear();
        }
    }

    private void count(int at) throws BadContentException {
        if (++values > MOST_VALUES) {
            throw bad(at, "more than " + MOST_VALUES + " values");
        }
    }

    /** The index of the quote that ends a text. */
    private int end(int from) {
        int i = from;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i;
    }

    private void name(int from, int to) throws BadContentException {
        String name = JsonText.unescaped(new String(json, from, to - from, StandardCharsets.UTF_8));
        if (!names.get(depth).add(name)) {
            throw bad(from - 1, "a name that its object has already");
        }
    }

    private BadContentException bad(int at, String what) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < at; i++) {
            if (json[i] == '\n') {
                line++;
                column = 1;
            } else if ((json[i] & 0xc0) != 0x80) {
                column++;
            }
        }
        return BadContentException.json(line, column, what);
    }
}
