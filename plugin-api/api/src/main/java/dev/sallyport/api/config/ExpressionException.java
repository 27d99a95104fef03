package dev.sallyport.api.config;

/** A text that is no expression. Its message is {@code TEXT (expected: WHAT at column N); MEND}. */
public final class ExpressionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final int column;

    ExpressionException(String text, int offset, String expected, String mend) {
        super(text + " (expected: " + expected + " at column " + (offset + 1) + "); " + mend);
        column = offset + 1;
    }

    /** Where in the text the mistake stands; 1 for the first character. */
    public int column() {
        return column;
    }
}
