package dev.sallyport.plugins.mask;

import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import dev.sallyport.json.Rewriter;
import java.nio.charset.StandardCharsets;

/** Hides values of a form, field by field. For one thread. */
final class FormRewriter implements Rewriter {

    /** The most bytes of a field. */
    static final int MOST = 256 * 1024;

    private final Hiding hiding;
    private final Count count;
    private final Bytes field = new Bytes();
    private final Bytes out = new Bytes();
    private boolean written;

    FormRewriter(Hiding hiding, Count count) {
        this.hiding = hiding;
        this.count = count;
    }

    @Override
    public void feed(byte[] bytes, int from, int to) throws BadContentException {
        int begin = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '&') {
                keep(bytes, begin, i);
                begin = i + 1;
                write();
            }
        }
        keep(bytes, begin, to);
    }

    private void keep(byte[] bytes, int from, int to) throws BadContentException {
        if (field.size() + to - from > MOST) {
            throw BadContentException.tooLarge("a field of a form has more than " + MOST + " bytes");
        }
        field.write(bytes, from, to);
    }

    private void write() {
        String pair = field.text(0, field.size());
        String left = Pairs.pair(pair, "field", hiding::name, hiding.patterns(), count);
        if (left != null) {
            if (written) {
                out.write('&');
            }
            written = true;
            if (left.equals(pair)) {
                out.write(field, 0, field.size());
            } else {
                out.write(left.getBytes(StandardCharsets.UTF_8));
            }
        }
        field.clear();
    }

    @Override
    public void end() {
        if (field.size() > 0 || written) {
            write();
        }
    }

    @Override
    public Bytes out() {
        return out;
    }
}
