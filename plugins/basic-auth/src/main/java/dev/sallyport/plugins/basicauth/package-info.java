/** The step {@code basic-auth}: knows callers by user name and password, of which only hashes are kept. */
@NullMarked
package dev.sallyport.plugins.basicauth;

import org.jspecify.annotations.NullMarked;
