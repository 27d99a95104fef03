package dev.sallyport.json;

import dev.sallyport.json.Place.Edit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites JSON (RFC 8259) in UTF-8 byte by byte, without ever holding more of it than one member's name: what is not
 * changed comes out as it went in, to the byte: numbers as they are written, escapes, white space, the order of members and
 * names that stand twice. All of it is checked, also what is removed.
 *
 * <p>At most {@value #MAX_DEPTH} objects and arrays are within each other, and where names are looked at, a name and the white
 * space around it have at most {@value #MAX_HELD} bytes. Texts and numbers may be of any length.
 */
public final class JsonRewriter implements Rewriter {

    /** How many objects and arrays may be within each other. */
    public static final int MAX_DEPTH = 1_000;

    /** How many bytes a name and the white space around it may have. */
    public static final int MAX_HELD = 64 * 1024;

    private enum State {
        BEGINNING,
        MARK_2,
        MARK_3,
        VALUE,
        FIRST_ELEMENT,
        FIRST_NAME,
        NAME,
        COLON,
        AFTER,
        STRING,
        ESCAPE,
        HEX,
        UTF8,
        MINUS,
        ZERO,
        INTEGER,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS,
        WORD,
        END
    }

    private enum Sink {
        OUT,
        HELD,
        NOWHERE,
        SCALAR
    }

    private static final byte[][] WORDS = {
        {'t', 'r', 'u', 'e'}, {'f', 'a', 'l', 's', 'e'}, {'n', 'u', 'l', 'l'},
    };

    private final Place root;
    private final Place.Values values;
    private final boolean lines;
    private final Bytes out = new Bytes();

    // Where it is in the grammar.
    private State state = State.BEGINNING;
    private boolean inName;
    private int left; // of hex digits or of a character's bytes
    private int low;
    private int high;
    private byte[] word = WORDS[0];
    private boolean lineEnded;

    // What is around: by depth, 0 is around the document itself.
    private int depth;
    private boolean[] arrays = new boolean[16];
    private @Nullable Place[] places = new Place[16];
    private long[] indexes = new long[16];
    private boolean[] written = new boolean[16];
    private boolean[] @Nullable [] seen = new boolean[16][];

    // Where bytes go.
    private Sink sink = Sink.OUT;
    private byte[] chunk = {};
    private int mark;
    private final Bytes held = new Bytes();
    private int nameFrom;
    private int nameTo;
    private @Nullable Place member;
    private @Nullable ScalarEdit scalar;
    private int skipping = -1; // the depth around what is left out

    // For messages.
    private long base;
    private long line = 1;
    private long lineStart;
    private long continuations;

    /**
     * @param root what is done with the document
     * @param lines whether several documents may follow each other, each on lines of its own
     */
    public JsonRewriter(Place root, Place.Values values, boolean lines) {
        this.root = root;
        this.values = values;
        this.lines = lines;
    }

    @Override
    public Bytes out() {
        return out;
    }

    @Override
    public void feed(byte[] bytes, int from, int to) throws BadContentException {
        chunk = bytes;
        mark = from;
        base -= from;
        int i = from;
        while (i < to) {
            byte c = bytes[i];
            switch (state) {
                case STRING -> {
                    while (c >= ' ' && c != '"' && c != '\\' && ++i < to) {
                        c = bytes[i];
                    }
                    if (i < to) {
                        inString(c, i++);
                    }
                }
                case ESCAPE -> {
                    if (c == 'u') {
                        left = 4;
                        state = State.HEX;
                    } else if (c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r'
                            || c == 't') {
                        state = State.STRING;
                    } else {
                        throw bad(i, "no such escape");
                    }
                    i++;
                }
                case HEX -> {
                    if (Character.digit(c, 16) < 0) {
                        throw bad(i, "four hexadecimal digits expected");
                    }
                    if (--left == 0) {
                        state = State.STRING;
                    }
                    i++;
                }
                case UTF8 -> {
                    int b = c & 0xff;
                    if (b < low || b > high) {
                        throw bad(i, "not in UTF-8");
                    }
                    low = 0x80;
                    high = 0xbf;
                    continuations++;
                    if (--left == 0) {
                        state = State.STRING;
                    }
                    i++;
                }
                case MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS -> {
                    if (inNumber(c)) {
                        i++;
                    } else if (isNumberWhole()) {
                        valueEnds(i);
                    } else {
                        throw bad(i, "digit expected");
                    }
                }
                case WORD -> {
                    if (c != word[left]) {
                        throw bad(i, "value expected");
                    }
                    i++;
                    if (++left == word.length) {
                        valueEnds(i);
                    }
                }
                default -> {
                    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                        if (c == '\n') {
                            line++;
                            lineStart = base + i + 1;
                            continuations = 0;
                            lineEnded = true;
                        }
                        if (state == State.MARK_2 || state == State.MARK_3) {
                            throw bad(i, "not in UTF-8");
                        }
                        i++;
                    } else {
                        between(c, i++);
                    }
                }
            }
        }
        sinkTo(to);
        base += to;
        chunk = new byte[0];
    }

    @Override
    public void end() throws BadContentException {
        mark = 0;
        if (depth == 0 && isNumberWhole()) {
            valueEnds(0);
        }
        boolean none = lines && state == State.BEGINNING;
        if (state != State.END && !none) {
            throw bad(0, "ends too early");
        }
    }

    // Between values.

    private void between(byte c, int i) throws BadContentException {
        switch (state) {
            case BEGINNING -> {
                if (c == (byte) 0xef && base + i == 0) {
                    state = State.MARK_2;
                } else if (c == 0 || c == (byte) 0xfe || c == (byte) 0xff) {
                    throw bad(i, "not in UTF-8");
                } else {
                    valueStarts(c, i);
                }
            }
            case MARK_2 -> state = mark(c, (byte) 0xbb, State.MARK_3, i);
            case MARK_3 -> state = mark(c, (byte) 0xbf, State.VALUE, i);
            case VALUE -> valueStarts(c, i);
            case FIRST_ELEMENT -> {
                if (c == ']') {
                    containerEnds(i);
                } else {
                    valueStarts(c, i);
                }
            }
            case FIRST_NAME, NAME -> {
                if (c == '"') {
                    nameStarts(i);
                } else if (c == '}' && state == State.FIRST_NAME) {
                    containerEnds(i);
                } else {
                    throw bad(i, state == State.NAME ? "name expected" : "name or } expected");
                }
            }
            case COLON -> {
                if (c != ':') {
                    throw bad(i, ": expected");
                }
                state = State.VALUE;
            }
            case AFTER -> {
                boolean array = arrays[depth];
                if (c == ',') {
                    comma(i);
                    state = array ? State.VALUE : State.NAME;
                } else if (c == (array ? ']' : '}')) {
                    containerEnds(i);
                } else {
                    throw bad(i, array ? ", or ] expected" : ", or } expected");
                }
            }
            default -> {
                if (!lines || !lineEnded) {
                    throw bad(i, lines ? "line end expected" : "end expected");
                }
                valueStarts(c, i);
            }
        }
    }

    private State mark(byte c, byte expected, State then, int i) throws BadContentException {
        if (c != expected) {
            throw bad(i, "value expected");
        }
        continuations++;
        return then;
    }

    private void comma(int i) throws BadContentException {
        if (sink == Sink.HELD) {
            sinkTo(i);
            out.write(held, 0, held.size());
            held.clear();
            mark = i + 1; // written before the next one that stays
        }
        indexes[depth]++;
    }

    private void nameStarts(int i) throws BadContentException {
        inName = true;
        state = State.STRING;
        if (sink == Sink.HELD) {
            sinkTo(i);
            nameFrom = held.size();
        }
    }

    private void nameEnds(int end) throws BadContentException {
        inName = false;
        state = State.COLON;
        Place around = places[depth];
        if (sink == Sink.HELD && around != null) {
            sinkTo(end);
            nameTo = held.size();
            member = around.member(JsonText.unescaped(held.text(nameFrom + 1, nameTo - 1)));
        }
    }

    private void containerEnds(int i) throws BadContentException {
        Place around = places[depth];
        if (around != null) {
            sinkTo(i);
            boolean[] was = seen[depth];
            around.end(arrays[depth], was == null ? new boolean[0] : was, values, this::add);
            out.write(held, 0, held.size());
            held.clear();
            sink = Sink.OUT;
            places[depth] = null;
            seen[depth] = null;
        }
        depth--;
        valueEnds(i + 1);
    }

    private void add(byte @Nullable [] name, byte[] value) {
        separate();
        if (name != null) {
            out.write(name);
            out.write(':');
        }
        out.write(value);
    }

    private void separate() {
        if (written[depth]) {
            out.write(',');
        }
        written[depth] = true;
    }

    // Values.

    private void valueStarts(byte c, int i) throws BadContentException {
        Place place = null;
        if (skipping < 0 && (depth == 0 || places[depth] != null)) {
            place = place();
            sinkTo(i);
            decide(place, c == '{' || c == '[');
        }
        switch (c) {
            case '{', '[' -> containerStarts(c == '[', i, place);
            case '"' -> state = State.STRING;
            case '-' -> state = State.MINUS;
            case '0' -> state = State.ZERO;
            case 't' -> word(0);
            case 'f' -> word(1);
            case 'n' -> word(2);
            default -> {
                if (c < '1' || c > '9') {
                    throw bad(i, "value expected");
                }
                state = State.INTEGER;
            }
        }
    }

    private @Nullable Place place() {
        Place around = places[depth];
        if (around == null) {
            return root;
        }
        return arrays[depth] ? around.element(indexes[depth]) : member;
    }

    private void word(int which) {
        word = WORDS[which];
        left = 1;
        state = State.WORD;
    }

    /** Says what becomes of a value that begins. */
    private void decide(@Nullable Place place, boolean container) {
        Edit edit = place == null ? Edit.KEEP : place.edit();
        byte[] value = null;
        byte[] name = null;
        if (place != null) {
            boolean inArray = arrays[depth];
            name = inArray ? null : place.name();
            boolean[] was = inArray ? null : seen[depth];
            if (was != null && place.slot() >= 0) {
                edit = was[place.slot()] && place.isFirstOnly() ? Edit.REMOVE : edit;
                was[place.slot()] = true;
            }
            value = edit == Edit.REPLACE ? place.value(values) : null;
        }
        if (edit == Edit.REMOVE) {
            held.clear();
            skipping = depth;
            sink = Sink.NOWHERE;
            return;
        }
        if (depth > 0) {
            separate();
            if (name == null) {
                out.write(held, 0, held.size());
            } else {
                out.write(held, 0, nameFrom);
                out.write(name);
                out.write(held, nameTo, held.size());
            }
            held.clear();
        }
        sink = Sink.OUT;
        if (value != null) {
            out.write(value);
            skipping = depth;
            sink = Sink.NOWHERE;
        } else if (edit == Edit.SCALAR && !container && place != null) {
            scalar = place.scalar();
            scalar.start();
            sink = Sink.SCALAR;
        }
    }

    private void containerStarts(boolean array, int i, @Nullable Place place) throws BadContentException {
        if (++depth > MAX_DEPTH) {
            throw bad(i, "more than " + MAX_DEPTH + " objects and arrays within each other");
        }
        if (depth == arrays.length) {
            int length = depth * 2;
            arrays = Arrays.copyOf(arrays, length);
            places = Arrays.copyOf(places, length);
            indexes = Arrays.copyOf(indexes, length);
            written = Arrays.copyOf(written, length);
            seen = Arrays.copyOf(seen, length);
        }
        arrays[depth] = array;
        indexes[depth] = 0;
        if (skipping < 0 && place != null && place.hasParts()) {
            sinkTo(i + 1);
            places[depth] = place;
            written[depth] = false;
            seen[depth] = place.slots() > 0 ? new boolean[place.slots()] : null;
            sink = Sink.HELD;
        }
        state = array ? State.FIRST_ELEMENT : State.FIRST_NAME;
    }

    private void valueEnds(int end) throws BadContentException {
        sinkTo(end);
        if (sink == Sink.SCALAR && scalar != null) {
            scalar.end(out);
            scalar = null;
            sink = Sink.OUT;
        }
        if (skipping == depth) {
            skipping = -1;
            sink = Sink.OUT;
        }
        if (depth == 0) {
            state = State.END;
            lineEnded = false;
        } else {
            state = State.AFTER;
            if (places[depth] != null) {
                sink = Sink.HELD;
            }
        }
    }

    private void inString(byte c, int i) throws BadContentException {
        if (c == '"') {
            if (inName) {
                nameEnds(i + 1);
            } else {
                valueEnds(i + 1);
            }
        } else if (c == '\\') {
            state = State.ESCAPE;
        } else if (c >= 0) {
            throw bad(i, "control character in a text");
        } else {
            utf8(c & 0xff, i);
        }
    }

    /** The first byte of several (RFC 3629 §4). */
    private void utf8(int first, int i) throws BadContentException {
        if (first < 0xc2 || first > 0xf4) {
            throw bad(i, "not in UTF-8");
        }
        left = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        state = State.UTF8;
    }

    private boolean inNumber(byte c) {
        boolean digit = c >= '0' && c <= '9';
        State then = switch (state) {
            case MINUS -> digit ? (c == '0' ? State.ZERO : State.INTEGER) : null;
            case ZERO, INTEGER ->
                digit && state == State.INTEGER
                        ? State.INTEGER
                        : c == '.' ? State.POINT : c == 'e' || c == 'E' ? State.EXPONENT : null;
            case POINT -> digit ? State.FRACTION : null;
            case FRACTION -> digit ? State.FRACTION : c == 'e' || c == 'E' ? State.EXPONENT : null;
            case EXPONENT -> digit ? State.EXPONENT_DIGITS : c == '+' || c == '-' ? State.EXPONENT_SIGN : null;
            default -> digit ? State.EXPONENT_DIGITS : null;
        };
        if (then == null) {
            return false;
        }
        state = then;
        return true;
    }

    private boolean isNumberWhole() {
        return state == State.ZERO
                || state == State.INTEGER
                || state == State.FRACTION
                || state == State.EXPONENT_DIGITS;
    }

    // Bytes.

    /** Gives the bytes before an index to where they go. */
    private void sinkTo(int end) throws BadContentException {
        if (mark < end) {
            switch (sink) {
                case OUT -> out.write(chunk, mark, end);
                case HELD -> {
                    if (held.size() + end - mark > MAX_HELD) {
                        throw bad(end, "a name, or white space, of more than " + MAX_HELD + " bytes");
                    }
                    held.write(chunk, mark, end);
                }
                case NOWHERE -> {}
                case SCALAR -> {
                    if (scalar != null) {
                        scalar.take(chunk, mark, end, out);
                    }
                }
            }
        }
        mark = end;
    }

    private BadContentException bad(int i, String reason) {
        return BadContentException.json(line, base + i - lineStart - continuations + 1, reason);
    }
}
