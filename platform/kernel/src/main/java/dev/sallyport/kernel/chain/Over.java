package dev.sallyport.kernel.chain;

import java.io.IOException;

/** Why nobody works for an exchange any more: it has ended. One for all, without a stack: every exchange ends. */
final class Over extends IOException {

    static final Over EXCHANGE_OVER = new Over();

    private static final long serialVersionUID = 1;

    private Over() {
        super("the exchange is over");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
