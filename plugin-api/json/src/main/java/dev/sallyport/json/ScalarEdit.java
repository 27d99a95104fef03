package dev.sallyport.json;

/** Changes one text, number, boolean or null of a document as it passes. For one thread; one value after the other. */
public interface ScalarEdit {

    /** A value begins. */
    void start();

    /** Bytes of its JSON text: of a text with its quotes and escapes, a string in valid UTF-8. */
    void take(byte[] bytes, int from, int to, Bytes out);

    /** It ends: what is left is to be written. */
    void end(Bytes out);
}
