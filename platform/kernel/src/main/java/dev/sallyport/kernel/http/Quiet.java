package dev.sallyport.kernel.http;

import org.eclipse.jetty.io.QuietException;

/** A failure as it is told to Jetty: it need not log what the exchange has told already. */
final class Quiet {

    private Quiet() {}

    static Throwable of(Throwable failure) {
        return new QuietException.Exception(failure.toString(), failure);
    }
}
