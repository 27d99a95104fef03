package dev.sallyport.plugins.opentelemetry;

import dev.sallyport.api.Completion;
import org.jspecify.annotations.Nullable;

/** Why an exchange is an error, in few words: {@code error.type} of the conventions. */
final class ErrorTypes {

    private static final int GONE_BEFORE_ANY = 499;

    private ErrorTypes() {}

    /** Null where it is none. */
    static @Nullable String of(Completion completion) {
        return switch (completion.outcome()) {
            case CLIENT_GONE -> "client_gone";
            case FAILED -> completion.status() >= 500 ? Integer.toString(completion.status()) : "broken_off";
            case COMPLETED -> completion.status() >= 500 ? Integer.toString(completion.status()) : null;
        };
    }

    /** The status that was written; 0 where none was. */
    static int status(Completion completion) {
        return completion.outcome() == Completion.Outcome.CLIENT_GONE && completion.status() == GONE_BEFORE_ANY
                ? 0
                : completion.status();
    }
}
