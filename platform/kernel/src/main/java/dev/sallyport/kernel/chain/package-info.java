/**
 * What an exchange passes through: the compiled chains of a generation, and the exchange itself.
 *
 * <p>A chain is compiled once: each {@link dev.sallyport.kernel.chain.StepNode} is itself the {@code Next} of the one
 * before it, so a step costs a virtual call and no allocation.
 */
@NullMarked
package dev.sallyport.kernel.chain;

import org.jspecify.annotations.NullMarked;
