/** Allows or refuses clients by address. */
@NullMarked
package dev.sallyport.plugins.iplist;

import org.jspecify.annotations.NullMarked;
