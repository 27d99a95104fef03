/** Writes a line for each exchange. */
@NullMarked
package dev.sallyport.plugins.accesslog;

import org.jspecify.annotations.NullMarked;
