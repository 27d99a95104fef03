/** Changes JSON bodies by declared operations. */
@NullMarked
package dev.sallyport.plugins.jsontransform;

import org.jspecify.annotations.NullMarked;
