/** The step {@code client-credentials}: sends requests on with a token that the gateway gets for itself. */
@NullMarked
package dev.sallyport.plugins.clientcredentials;

import org.jspecify.annotations.NullMarked;
