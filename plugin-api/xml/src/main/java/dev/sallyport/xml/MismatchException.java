package dev.sallyport.xml;

import dev.sallyport.api.Problem;
import dev.sallyport.json.BadContentException;
import org.jspecify.annotations.Nullable;

/** A value is not what its description asks for. The message says what it is and what is expected, and repeats nothing of it. */
public final class MismatchException extends Exception {

    private static final long serialVersionUID = 1;

    private final @Nullable String pointer;

    /** Where it is, is not known yet. */
    public MismatchException(String message) {
        this(message, null);
    }

    /** @param pointer where in the JSON, as RFC 6901 has it; null where that is not known yet */
    public MismatchException(String message, @Nullable String pointer) {
        super(message, null, false, false);
        this.pointer = pointer;
    }

    /** Where in the JSON; null where that is not known. */
    public @Nullable String pointer() {
        return pointer;
    }

    /** What is wrong and what is expected. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** What a client is told, or whoever asked it for the JSON. */
    public BadContentException told() {
        String at = pointer == null ? "" : pointer;
        return new BadContentException(new Problem(400, "json-mismatch", "The JSON is not as described")
                .withDetail((at.isEmpty() ? "" : at + ": ") + reason())
                .with("pointer", at));
    }
}
