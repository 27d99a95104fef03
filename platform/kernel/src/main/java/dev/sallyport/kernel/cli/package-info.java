/** The command line: each command is one class, and says no more than the kernel knows. */
@NullMarked
package dev.sallyport.kernel.cli;

import org.jspecify.annotations.NullMarked;
