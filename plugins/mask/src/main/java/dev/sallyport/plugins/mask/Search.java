package dev.sallyport.plugins.mask;

import dev.sallyport.json.Bytes;
import dev.sallyport.json.JsonText;
import dev.sallyport.json.ScalarEdit;
import dev.sallyport.plugins.mask.Hiding.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Hides what is found in the texts of a document, and in its numbers where they may be such data. A text in which nothing is
 * found stays as it is; one in which something is, or of which it is not known yet when {@value #KEPT} bytes of it have come,
 * is written anew with the escapes that it needs.
 */
final class Search implements ScalarEdit, Window.To {

    /** How many bytes of a text are kept until it is known whether anything is found. */
    static final int KEPT = 16 * 1024;

    private final List<Pattern> all;
    private final List<Pattern> ofNumbers;
    private final Count count;
    private final Window texts;
    private final Unescaping unescaping = new Unescaping();
    private final Escaping escaping = new Escaping();
    private final Bytes raw = new Bytes();
    private final Bytes written = new Bytes();
    private boolean isText;
    private boolean isLong;
    private int found;

    Search(List<Pattern> patterns, Count count) {
        all = patterns;
        ofNumbers = patterns.stream()
                .filter(pattern -> pattern.finder().findsInNumbers())
                .toList();
        this.count = count;
        texts = new Window(all);
    }

    @Override
    public void start() {
        raw.clear();
        written.clear();
        unescaping.start();
        isLong = false;
        found = 0;
    }

    @Override
    public void take(byte[] bytes, int from, int to, Bytes out) {
        if (!isLong && raw.size() == 0) {
            isText = bytes[from] == '"';
        }
        if (!isLong && raw.size() + to - from <= KEPT) {
            raw.write(bytes, from, to);
            return;
        }
        if (!isText) { // a number that no card has
            if (!isLong) {
                out.write(raw, 0, raw.size());
                isLong = true;
            }
            out.write(bytes, from, to);
            return;
        }
        if (!isLong) {
            isLong = true;
            out.write('"');
            byte[] before = raw.toArray();
            search(before, 0, before.length);
        }
        search(bytes, from, to);
        out.write(written, 0, written.size());
        written.clear();
    }

    private void search(byte[] bytes, int from, int to) {
        Bytes plain = unescaping.of(bytes, from, to);
        texts.feed(plain.toArray(), 0, plain.size(), this);
    }

    @Override
    public void end(Bytes out) {
        if (!isText) {
            if (!isLong) {
                number(out);
            }
            return;
        }
        if (!isLong) {
            if (!hasEscape() && !isFound(all, 1, raw.size() - 1)) {
                out.write(raw, 0, raw.size());
                return;
            }
            search(raw.array(), 0, raw.size());
        }
        texts.end(this);
        escaping.end(written);
        if (isLong || found > 0) {
            if (!isLong) {
                out.write('"');
            }
            out.write(written, 0, written.size());
            out.write('"');
        } else {
            out.write(raw, 0, raw.size());
        }
    }

    /** Where data is found that is all of it but the sign, a text takes the number's place. */
    private void number(Bytes out) {
        if (raw.at(0) >= '0' && raw.at(0) <= '9' && isFound(ofNumbers, 0, raw.size())) {
            String number = raw.text(0, raw.size());
            out.write(JsonText.quoted(TextRewriter.text(number, ofNumbers, count)));
        } else {
            out.write(raw, 0, raw.size());
        }
    }

    private boolean hasEscape() {
        for (int i = 0; i < raw.size(); i++) {
            if (raw.at(i) == '\\') {
                return true;
            }
        }
        return false;
    }

    /** Most texts hold nothing, and are known to after one look. */
    private boolean isFound(List<Pattern> patterns, int from, int to) {
        for (Pattern pattern : patterns) {
            if (pattern.finder().find(raw.array(), from, from, to) != null) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void plain(byte[] bytes, int from, int to) {
        escaping.write(bytes, from, to, written);
    }

    @Override
    public void found(byte[] bytes, int from, int to, Pattern pattern) {
        found++;
        count.hidden(pattern.finder().name());
        byte[] shown = pattern.style()
                .of(new String(bytes, from, to - from, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
        escaping.write(shown, 0, shown.length, written);
    }
}
