/** The step {@code rate-limit}: so many requests in a time, for each value of a key. */
@NullMarked
package dev.sallyport.plugins.ratelimit;

import org.jspecify.annotations.NullMarked;
