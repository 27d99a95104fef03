package dev.sallyport.plugins.messagepolicy;

import java.util.Locale;

/** Why a message, or a connection, met a rule; counted under these names. */
enum Verdict {
    PASSED,
    CHANGED,
    SIZE,
    PROTOCOL,
    KIND,
    RATE,
    SCHEMA,
    SCRIPT,
    IDLE,
    MAX_AGE;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
