/**
 * Says what becomes of a request, and why, without sending it: from a configuration alone, or from a generation, whose steps
 * tell what they would do.
 */
@NullMarked
package dev.sallyport.kernel.explain;

import org.jspecify.annotations.NullMarked;
