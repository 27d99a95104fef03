/** Answers browsers that ask whether a page of another origin may call (CORS). */
@NullMarked
package dev.sallyport.plugins.cors;

import org.jspecify.annotations.NullMarked;
