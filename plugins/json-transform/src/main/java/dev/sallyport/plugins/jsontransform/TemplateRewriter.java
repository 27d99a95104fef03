package dev.sallyport.plugins.jsontransform;

import dev.sallyport.api.Request;
import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import dev.sallyport.json.JsonRewriter;
import dev.sallyport.json.Place;
import dev.sallyport.json.Rewriter;
import java.nio.charset.StandardCharsets;

/** Holds a document until it is whole, and makes another one of it. For one thread. */
final class TemplateRewriter implements Rewriter {

    /** Changes nothing: it is there to check. */
    private static final class Unchanged extends Place {}

    private final Template template;
    private final Request request;
    private final long maxBody;
    private final boolean lines;
    private final JsonRewriter check;
    private final Bytes document = new Bytes();
    private final Bytes out = new Bytes();

    /** @param lines whether each line is a document */
    TemplateRewriter(Template template, Request request, long maxBody, boolean lines) {
        this.template = template;
        this.request = request;
        this.maxBody = maxBody;
        this.lines = lines;
        check = new JsonRewriter(new Unchanged(), Place.Values.NONE, lines);
    }

    @Override
    public void feed(byte[] bytes, int from, int to) throws BadContentException {
        check.feed(bytes, from, to);
        check.out().clear();
        int begin = from;
        for (int i = from; lines && i < to; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, begin, i);
                make();
                out.write('\n');
                begin = i + 1;
            }
        }
        keep(bytes, begin, to);
    }

    private void keep(byte[] bytes, int from, int to) throws BadContentException {
        if (document.size() + to - from > maxBody) {
            throw BadContentException.tooLarge("the limit of a template is " + maxBody + " bytes");
        }
        document.write(bytes, from, to);
    }

    private void make() throws BadContentException {
        byte[] json = document.toArray();
        document.clear();
        if (!new String(json, StandardCharsets.ISO_8859_1).isBlank()) {
            template.apply(json, request, out);
        }
    }

    @Override
    public void end() throws BadContentException {
        check.end();
        make();
    }

    @Override
    public Bytes out() {
        return out;
    }
}
