package dev.sallyport.plugins.grpcjson;

import dev.sallyport.api.FilterContext;
import java.io.IOException;
import java.util.concurrent.Callable;

/** Converts large messages where that holds up no other exchange; small ones at once, which costs less than to ask. */
record Heavy(FilterContext context) {

    private static final int LARGE = 64 * 1024;

    /**
     * Runs work on a message of that many bytes.
     *
     * @throws IOException what the work threw
     */
    <T> T run(int size, Callable<T> work) throws IOException {
        try {
            return size < LARGE ? work.call() : context.cpu(work);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
