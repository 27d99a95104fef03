package dev.sallyport.api.config;

/** What a value is, as far as it is known when an expression is read. */
enum Kind {
    TEXT("text"),
    NUMBER("number"),
    BOOLEAN("boolean"),
    LIST("list"),
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

    String words() {
        return words;
    }
}
