/** Knows consumers by a signed JSON Web Token. */
@NullMarked
package dev.sallyport.plugins.jwtauth;

import org.jspecify.annotations.NullMarked;
