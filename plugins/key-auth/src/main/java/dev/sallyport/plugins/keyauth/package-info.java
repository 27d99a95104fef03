/** Knows consumers by an API key. */
@NullMarked
package dev.sallyport.plugins.keyauth;

import org.jspecify.annotations.NullMarked;
