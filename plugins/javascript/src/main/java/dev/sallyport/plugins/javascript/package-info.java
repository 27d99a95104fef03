/** Runs a JavaScript module as a step. */
@NullMarked
package dev.sallyport.plugins.javascript;

import org.jspecify.annotations.NullMarked;
