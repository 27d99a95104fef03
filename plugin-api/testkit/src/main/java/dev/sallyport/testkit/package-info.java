/** Fakes and contract tests for plugins. */
@NullMarked
package dev.sallyport.testkit;

import org.jspecify.annotations.NullMarked;
