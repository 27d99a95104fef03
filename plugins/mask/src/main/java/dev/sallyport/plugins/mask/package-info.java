/** Hides data in requests, responses and logs. */
@NullMarked
package dev.sallyport.plugins.mask;

import org.jspecify.annotations.NullMarked;
