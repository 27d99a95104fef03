/** State that outlives a request: the store that every gateway has in its own memory. */
@NullMarked
package dev.sallyport.kernel.store;

import org.jspecify.annotations.NullMarked;
