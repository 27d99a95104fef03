/** The real servers that tests need, each started as a process of its own. */
@NullMarked
package dev.sallyport.testservers;

import org.jspecify.annotations.NullMarked;
