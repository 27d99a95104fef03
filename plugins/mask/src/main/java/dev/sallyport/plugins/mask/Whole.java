package dev.sallyport.plugins.mask;

import dev.sallyport.json.Bytes;
import dev.sallyport.json.JsonText;
import dev.sallyport.json.ScalarEdit;
import java.nio.charset.StandardCharsets;

/** Hides a text, number or boolean as a whole; null, which says nothing, stays. */
final class Whole implements ScalarEdit {

    /** The most bytes of a value that is looked at: of a longer one nothing stays. */
    private static final int MOST = 64 * 1024;

    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    private final Style style;
    private final Count count;
    private final Bytes json = new Bytes();
    private boolean tooLong;

    Whole(Style style, Count count) {
        this.style = style;
        this.count = count;
    }

    @Override
    public void start() {
        json.clear();
        tooLong = false;
    }

    @Override
    public void take(byte[] bytes, int from, int to, Bytes out) {
        tooLong |= json.size() + to - from > MOST;
        if (!tooLong) {
            json.write(bytes, from, to);
        }
    }

    @Override
    public void end(Bytes out) {
        if (!tooLong && json.at(0) == 'n') {
            out.write(NULL);
            return;
        }
        count.hidden("field");
        out.write(JsonText.quoted(tooLong ? new Style.Stars().of("") : style.of(value())));
    }

    private String value() {
        boolean text = json.at(0) == '"';
        return text ? JsonText.unescaped(json.text(1, json.size() - 1)) : json.text(0, json.size());
    }
}
