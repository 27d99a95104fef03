/** The step {@code jwt-auth}: knows callers by a JSON Web Token that an identity provider has signed. */
@NullMarked
package dev.sallyport.plugins.jwtauth;

import org.jspecify.annotations.NullMarked;
