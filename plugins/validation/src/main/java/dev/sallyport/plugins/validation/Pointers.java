package dev.sallyport.plugins.validation;

/** JSON Pointers (RFC 6901). */
final class Pointers {

    private Pointers() {}

    /** A name as a part of a pointer. */
    static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
