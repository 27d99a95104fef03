/** Asks a service whether a request may pass. */
@NullMarked
package dev.sallyport.plugins.extauth;

import org.jspecify.annotations.NullMarked;
