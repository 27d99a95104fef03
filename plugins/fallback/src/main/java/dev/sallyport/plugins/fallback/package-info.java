/** Answers in the place of an upstream that fails. */
@NullMarked
package dev.sallyport.plugins.fallback;

import org.jspecify.annotations.NullMarked;
