/** What single exchanges met, step by step: recorded for whoever asks, kept in bounds, secrets masked where they are seen. */
@NullMarked
package dev.sallyport.kernel.trace;

import org.jspecify.annotations.NullMarked;
