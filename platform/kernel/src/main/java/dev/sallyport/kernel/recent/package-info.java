/** What came in the last minutes, in samples that cost nothing to speak of. */
@NullMarked
package dev.sallyport.kernel.recent;

import org.jspecify.annotations.NullMarked;
