/** Plugin jars: taken from the folder, verified, kept in a store, loaded each on its own, watched until they are gone. */
@NullMarked
package dev.sallyport.kernel.plugin;

import org.jspecify.annotations.NullMarked;
