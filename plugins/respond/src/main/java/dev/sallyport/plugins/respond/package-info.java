/** Answers by itself, without an upstream. */
@NullMarked
package dev.sallyport.plugins.respond;

import org.jspecify.annotations.NullMarked;
