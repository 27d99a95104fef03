package dev.sallyport.json;

/**
 * Changes the bytes of one body as they come, in parts of any size: where they are cut makes no difference. For one thread.
 */
public interface Rewriter {

    /**
     * Takes the next bytes.
     *
     * @param from the first one's index
     * @param to the index after the last one
     * @throws BadContentException where they are not what such a body consists of
     */
    void feed(byte[] bytes, int from, int to) throws BadContentException;

    /**
     * Says that there are no more.
     *
     * @throws BadContentException where the body is not whole
     */
    void end() throws BadContentException;

    /** What has come out so far; who takes it clears it. */
    Bytes out();
}
