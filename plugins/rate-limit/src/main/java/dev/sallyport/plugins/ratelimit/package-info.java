/** Limits requests per key and time. */
@NullMarked
package dev.sallyport.plugins.ratelimit;

import org.jspecify.annotations.NullMarked;
