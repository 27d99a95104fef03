package dev.sallyport.kernel.script;

import org.jspecify.annotations.Nullable;

/** What a script awaits of the gateway. */
sealed interface Question {

    /** Under which our JavaScript waits for the answer. */
    int number();

    /**
     * The rest of the chain.
     *
     * @param target path and query; null for those of the request as it came
     */
    record Proceed(int number, String method, @Nullable String target, Told request) implements Question {}

    /** An answer of another server. */
    record Fetch(int number, String method, String url, Told request) implements Question {}

    /**
     * A body.
     *
     * @param message whose; 0 is the request
     * @param asText as text, else as bytes
     */
    record Read(int number, int message, boolean asText) implements Question {}
}
