/** Runs a real gateway inside a test. */
@NullMarked
package dev.sallyport.testgateway;

import org.jspecify.annotations.NullMarked;
