/** How a change comes to serve: read, compiled beside what serves, swapped in, or refused. */
@NullMarked
package dev.sallyport.kernel.deploy;

import org.jspecify.annotations.NullMarked;
