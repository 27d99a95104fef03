/** The gateway: one class wires the packages below it. */
@NullMarked
package dev.sallyport.kernel;

import org.jspecify.annotations.NullMarked;
