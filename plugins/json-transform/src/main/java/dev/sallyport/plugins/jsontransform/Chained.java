package dev.sallyport.plugins.jsontransform;

import dev.sallyport.json.BadContentException;
import dev.sallyport.json.Bytes;
import dev.sallyport.json.Rewriter;

/** One pass after another: the second takes what comes out of the first, as it comes. */
record Chained(Rewriter first, Rewriter second) implements Rewriter {

    @Override
    public void feed(byte[] bytes, int from, int to) throws BadContentException {
        first.feed(bytes, from, to);
        pass();
    }

    @Override
    public void end() throws BadContentException {
        first.end();
        pass();
        second.end();
    }

    @Override
    public Bytes out() {
        return second.out();
    }

    private void pass() throws BadContentException {
        Bytes between = first.out();
        second.feed(between.toArray(), 0, between.size());
        between.clear();
    }
}
