package dev.sallyport.api.config;

/** What a value of an {@linkplain Expression expression} is, as far as it is known when that is read. */
public enum Kind {
    /** A String. */
    TEXT("text"),

    /** A Long or a Double. */
    NUMBER("number"),

    /** A Boolean. */
    BOOLEAN("boolean"),

    /** A List of any of these. */
    LIST("list"),

    /** An Instant. */
    TIME("time"),

    /** A member of a claim: known when it is there. One of another kind than is needed counts as absent. */
    ANY("any value");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    /** Whether a value of that kind may be one of this. */
    boolean takes(Kind other) {
        return this == other || this == ANY || other == ANY;
    }

    /** What a value is that is one of these two. */
    Kind or(Kind other) {
        return this == other ? this : ANY;
    }

    /** How messages and the reference name it. */
    public String words() {
        return words;
    }
}
