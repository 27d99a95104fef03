/** The store {@code redis}: state that gateways share. */
@NullMarked
package dev.sallyport.plugins.redis;

import org.jspecify.annotations.NullMarked;
