/** The step {@code mtls-auth}: knows consumers by the client certificate that the listener has verified. */
@NullMarked
package dev.sallyport.plugins.mtlsauth;

import org.jspecify.annotations.NullMarked;
