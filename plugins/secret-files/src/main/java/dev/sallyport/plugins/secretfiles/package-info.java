/** The service {@code secret-files}: gives secrets from a folder of files, as orchestrators mount them. */
@NullMarked
package dev.sallyport.plugins.secretfiles;

import org.jspecify.annotations.NullMarked;
