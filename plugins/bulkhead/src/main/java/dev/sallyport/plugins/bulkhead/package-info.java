/** Bounds how many requests are under way at a time. */
@NullMarked
package dev.sallyport.plugins.bulkhead;

import org.jspecify.annotations.NullMarked;
