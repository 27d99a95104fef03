package dev.sallyport.plugins.acl;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Default;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Shorthand;
import java.util.List;

/** The settings of one step. */
public record AclConfig(
        @Doc("Who may pass: requests that any of these rules fits. All where none is given.") @Shorthand
        List<Rule> allow,

        @Doc("Who may not, whatever allow says.") List<Rule> deny,

        @Doc("What becomes of a request whose sender no step before has named: refuse, or judge it by the rules, as one"
                + " without name, groups, scopes and claims.")
        @Default("refuse")
        Unidentified unidentified,

        @Doc("The attribute in which a step before leaves the claims of the token.") @Default("jwt-claims")
        String claimsFrom) {

    /** What becomes of requests of nobody. */
    public enum Unidentified {
        REFUSE,
        JUDGE
    }

    public AclConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        if (allow.isEmpty() && deny.isEmpty()) {
            throw new ConfigException("", "nothing (expected: allow or deny, with a rule)");
        }
    }
}
