/** Repeats requests that failed, within a budget. */
@NullMarked
package dev.sallyport.plugins.retry;

import org.jspecify.annotations.NullMarked;
