/** Changes path and query on their way to the upstream. */
@NullMarked
package dev.sallyport.plugins.rewrite;

import org.jspecify.annotations.NullMarked;
