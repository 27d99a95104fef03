/** What a change of the configuration would mean, before it is made. */
@NullMarked
package dev.sallyport.kernel.plan;

import org.jspecify.annotations.NullMarked;
