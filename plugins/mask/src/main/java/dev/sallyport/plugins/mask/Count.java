package dev.sallyport.plugins.mask;

/** Counts what was hidden. */
@FunctionalInterface
interface Count {

    /**
     * Counts one.
     *
     * @param what it was: {@code field}, {@code header}, {@code query}, or the pattern's name
     */
    void hidden(String what);
}
