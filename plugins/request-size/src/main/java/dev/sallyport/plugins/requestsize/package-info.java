/** Refuses requests whose body is too large. */
@NullMarked
package dev.sallyport.plugins.requestsize;

import org.jspecify.annotations.NullMarked;
