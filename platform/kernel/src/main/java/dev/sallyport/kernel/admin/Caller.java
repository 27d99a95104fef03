package dev.sallyport.kernel.admin;

import dev.sallyport.kernel.config.GatewayConfig.Role;

/**
 * Who uses the admin API.
 *
 * @param name of the token: the author of what it changes
 */
public record Caller(String name, Role role) {

    /** Whether it may do what asks for that role. */
    boolean may(Role least) {
        return role.compareTo(least) >= 0;
    }
}
