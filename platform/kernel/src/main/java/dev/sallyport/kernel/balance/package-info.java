/**
 * Which target of an upstream is used: how one is chosen, whether it is well, and how much goes to it.
 *
 * <p>A {@link dev.sallyport.kernel.balance.TargetGroup} is what a generation has of an upstream; what is known of its targets
 * is a {@link dev.sallyport.kernel.balance.Family}, which outlives generations.
 */
@NullMarked
package dev.sallyport.kernel.balance;

import org.jspecify.annotations.NullMarked;
