/** Stops calling an upstream that keeps failing. */
@NullMarked
package dev.sallyport.plugins.circuitbreaker;

import org.jspecify.annotations.NullMarked;
