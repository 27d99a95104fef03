/**
 * What a plugin author sees of Sallyport, all of it: {@link dev.sallyport.api.Filter} and the values that pass through
 * it. Start at {@link dev.sallyport.api.FilterFactory}.
 */
@NullMarked
package dev.sallyport.api;

import org.jspecify.annotations.NullMarked;
