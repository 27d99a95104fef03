package dev.sallyport.plugins.console;

import dev.sallyport.api.AdminPages.Role;
import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a claim give which role; the one that may most counts, and who has none is not let in.
 *
 * @param claim its name, or a path of names with dots
 */
public record RolesConfig(
        @Doc("The claim of the ID token that is looked at, or a path of names with dots: realm_access.roles.")
        @Default("roles")
        String claim,

        @Doc("Its values that give the role admin.") List<String> admin,

        @Doc("Its values that give the role operate.") List<String> operate,

        @Doc("Its values that give the role read.") List<String> read) {

    /** @throws ConfigException where nobody would be let in */
    public RolesConfig {
        admin = List.copyOf(admin);
        operate = List.copyOf(operate);
        read = List.copyOf(read);
        if (admin.isEmpty() && operate.isEmpty() && read.isEmpty()) {
            throw new ConfigException("read", "[] (expected: a value for one of admin, operate and read at least)");
        }
    }

    /** What those values of the claim give; null for nothing. */
    @Nullable
    Role role(List<String> values) {
        if (values.stream().anyMatch(admin::contains)) {
            return Role.ADMIN;
        }
        if (values.stream().anyMatch(operate::contains)) {
            return Role.OPERATE;
        }
        return values.stream().anyMatch(read::contains) ? Role.READ : null;
    }
}
