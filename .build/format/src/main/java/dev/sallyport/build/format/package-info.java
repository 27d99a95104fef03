/** Formats the Java sources of this repository, or checks that they are formatted. */
@NullMarked
package dev.sallyport.build.format;

import org.jspecify.annotations.NullMarked;
