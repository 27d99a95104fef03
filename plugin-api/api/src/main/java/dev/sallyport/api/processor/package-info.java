/** Writes the index of extensions and the schemas of their settings into a jar when it is compiled. */
@NullMarked
package dev.sallyport.api.processor;

import org.jspecify.annotations.NullMarked;
