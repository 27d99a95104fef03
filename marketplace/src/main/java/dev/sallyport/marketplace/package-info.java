/** Who made a plugin: signatures over its jar and facts, and the keys that are trusted to make them. */
@NullMarked
package dev.sallyport.marketplace;

import org.jspecify.annotations.NullMarked;
