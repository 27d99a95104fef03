/** The service {@code console}: a web console on the admin address. */
@NullMarked
package dev.sallyport.plugins.console;

import org.jspecify.annotations.NullMarked;
