/** The step {@code key-auth}: knows consumers by an API key, of which only the hash is configured. */
@NullMarked
package dev.sallyport.plugins.keyauth;

import org.jspecify.annotations.NullMarked;
