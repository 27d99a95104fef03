package dev.sallyport.kernel.deploy;

import dev.sallyport.kernel.plan.Plan;
import org.jspecify.annotations.Nullable;

/**
 * What came of planning a change.
 *
 * @param result what is wrong with it, or what there is to warn of; nothing is applied
 * @param plan what it would mean; null where it would be refused
 */
public record Planned(ReloadResult result, @Nullable Plan plan) {}
