package dev.sallyport.kernel.balance;

import org.jspecify.annotations.Nullable;

/**
 * A target as one list of targets has it.
 *
 * @param weight how often it is chosen, beside others
 * @param backup whether it is used only where no other can be
 * @param token what a client's cookie says that has it; null where the upstream has no such cookie
 */
record Member(
        LiveTarget target,
        int weight,
        boolean backup,
        @Nullable String token) {}
