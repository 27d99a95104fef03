/** Recorded requests against another configuration, offline: which routes and verdicts would differ. */
@NullMarked
package dev.sallyport.kernel.replay;

import org.jspecify.annotations.NullMarked;
