/** Writes the index of extensions and the schema of their configs into a plugin's jar at build time. */
@NullMarked
package dev.sallyport.api.processor;

import org.jspecify.annotations.NullMarked;
