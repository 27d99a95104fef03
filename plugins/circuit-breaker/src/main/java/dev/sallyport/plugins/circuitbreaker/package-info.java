/** The step {@code circuit-breaker}: stops calling an upstream, or one target of it, that keeps failing. */
@NullMarked
package dev.sallyport.plugins.circuitbreaker;

import org.jspecify.annotations.NullMarked;
