/** Two versions of one step side by side: who takes which request, how each does, and what is decided of it. */
@NullMarked
package dev.sallyport.kernel.canary;

import org.jspecify.annotations.NullMarked;
