package dev.sallyport.kernel.config;

import dev.sallyport.api.processor.Definition;

/**
 * Where something stands. A record component of this type is filled with the place of the value that the record was bound
 * from; it is not a key.
 *
 * @param file as the user would name it: relative to the main file's folder where it lies below it
 * @param line 1 for the first
 * @param column 1 for the first
 */
@Definition
public record Place(String file, int line, int column) {

    /** {@code gateway.yaml:12:7} */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
