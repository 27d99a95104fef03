/** Marketplaces as their users see them: indexes that are verified and remembered, files that are fetched, mirrors, publications. */
@NullMarked
package dev.sallyport.kernel.market;

import org.jspecify.annotations.NullMarked;
