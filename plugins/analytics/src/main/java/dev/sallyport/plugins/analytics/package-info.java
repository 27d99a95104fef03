/** Counts what the gateway serves, and answers questions about it. */
@NullMarked
package dev.sallyport.plugins.analytics;

import org.jspecify.annotations.NullMarked;
