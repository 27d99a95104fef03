/** Formats the Java sources of this repository, or checks that they are formatted. */
@NullMarked
package dev.sallyport.tools.format;

import org.jspecify.annotations.NullMarked;
