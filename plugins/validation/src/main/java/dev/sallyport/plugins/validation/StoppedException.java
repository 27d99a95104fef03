package dev.sallyport.plugins.validation;

import com.networknt.schema.Error;
import com.networknt.schema.FailFastAssertionException;

/** A check was given up: the validator lets only exceptions of this parent pass unchanged and unlogged. */
final class StoppedException extends FailFastAssertionException {

    private static final long serialVersionUID = 1;

    private final Why why;

    /** Why it was. */
    enum Why {
        /** As many errors were found as may be told. */
        ENOUGH("there are more errors"),
        PATTERN("matching a pattern takes too many steps"),
        WORK("checking it takes too many steps");

        final String text;

        Why(String text) {
            this.text = text;
        }
    }

    StoppedException(Why why) {
        super(Error.builder().keyword("limit").message(why.text).build());
        this.why = why;
    }

    Why why() {
        return why;
    }
}
