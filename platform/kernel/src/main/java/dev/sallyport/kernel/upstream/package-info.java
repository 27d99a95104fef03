/** The way to the services behind the gateway: the choice of a target, the steps of the attempt, the wire. */
@NullMarked
package dev.sallyport.kernel.upstream;

import org.jspecify.annotations.NullMarked;
