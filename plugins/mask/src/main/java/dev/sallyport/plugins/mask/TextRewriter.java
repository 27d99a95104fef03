package dev.sallyport.plugins.mask;

import dev.sallyport.json.Bytes;
import dev.sallyport.json.Rewriter;
import dev.sallyport.plugins.mask.Hiding.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Hides what is found in a text of any charset that has ASCII in it, and leaves all else as it is. For one thread. */
final class TextRewriter implements Rewriter, Window.To {

    private final Window window;
    private final boolean byLine;
    private final Count count;
    private final Bytes out = new Bytes();

    /** @param byLine whether each line is passed on at its end, as events are */
    TextRewriter(List<Pattern> patterns, boolean byLine, Count count) {
        window = new Window(patterns);
        this.byLine = byLine;
        this.count = count;
    }

    @Override
    public void feed(byte[] bytes, int from, int to) {
        int begin = from;
        for (int i = from; byLine && i < to; i++) {
            if (bytes[i] == '\n') {
                window.feed(bytes, begin, i + 1, this);
                window.end(this);
                begin = i + 1;
            }
        }
        window.feed(bytes, begin, to, this);
    }

    @Override
    public void end() {
        window.end(this);
    }

    @Override
    public Bytes out() {
        return out;
    }

    @Override
    public void plain(byte[] bytes, int from, int to) {
        out.write(bytes, from, to);
    }

    @Override
    public void found(byte[] bytes, int from, int to, Pattern pattern) {
        count.hidden(pattern.finder().name());
        String value = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        out.write(pattern.style().of(value).getBytes(StandardCharsets.UTF_8));
    }

    /** A short text at once. */
    static String text(String text, List<Pattern> patterns, Count count) {
        if (patterns.isEmpty()) {
            return text;
        }
        TextRewriter rewriter = new TextRewriter(patterns, false, count);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        rewriter.feed(bytes, 0, bytes.length);
        rewriter.end();
        return new String(rewriter.out.toArray(), StandardCharsets.UTF_8);
    }
}
