/** The step {@code compress}: gzip, brotli and zstd for responses. */
@NullMarked
package dev.sallyport.plugins.compress;

import org.jspecify.annotations.NullMarked;
