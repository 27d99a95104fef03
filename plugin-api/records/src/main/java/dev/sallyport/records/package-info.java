/** Exchanges that have ended, as others are told of them, without what must not be told. */
@NullMarked
package dev.sallyport.records;

import org.jspecify.annotations.NullMarked;
