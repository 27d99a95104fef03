/** What is not wrong with a configuration, and yet hardly meant: findings that a person may allow where they stand. */
@NullMarked
package dev.sallyport.kernel.lint;

import org.jspecify.annotations.NullMarked;
