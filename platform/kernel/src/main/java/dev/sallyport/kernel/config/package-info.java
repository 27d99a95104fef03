/** Reads {@code gateway.yaml} into records: all errors at once, each with its place and its mend. */
@NullMarked
package dev.sallyport.kernel.config;

import org.jspecify.annotations.NullMarked;
