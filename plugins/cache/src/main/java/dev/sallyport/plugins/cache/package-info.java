/** The step {@code cache}: a shared HTTP cache (RFC 9111). */
@NullMarked
package dev.sallyport.plugins.cache;

import org.jspecify.annotations.NullMarked;
