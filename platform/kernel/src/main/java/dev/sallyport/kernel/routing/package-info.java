/** Chooses the route of a request, in an immutable table that is built once a generation. */
@NullMarked
package dev.sallyport.kernel.routing;

import org.jspecify.annotations.NullMarked;
