package dev.sallyport.kernel.chain;

import java.io.IOException;

/** Nobody works for an exchange any more, since it has ended. Without a stack: every exchange ends. */
final class ExchangeOverException extends IOException {

    private static final long serialVersionUID = 1;

    ExchangeOverException() {
        super("the exchange is over");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
