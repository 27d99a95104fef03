/** Delays or fails a share of the requests, for tests. */
@NullMarked
package dev.sallyport.plugins.fault;

import org.jspecify.annotations.NullMarked;
