/** Answers 503 while something is being worked on. */
@NullMarked
package dev.sallyport.plugins.maintenance;

import org.jspecify.annotations.NullMarked;
