/** The step {@code token-introspection}: knows callers by a token that the identity provider is asked about. */
@NullMarked
package dev.sallyport.plugins.tokenintrospection;

import org.jspecify.annotations.NullMarked;
