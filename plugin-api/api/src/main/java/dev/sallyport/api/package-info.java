/** What a plugin sees of the gateway, all of it. */
@NullMarked
package dev.sallyport.api;

import org.jspecify.annotations.NullMarked;
