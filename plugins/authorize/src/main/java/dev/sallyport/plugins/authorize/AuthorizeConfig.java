package dev.sallyport.plugins.authorize;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import java.util.List;

/** The settings of one step. */
public record AuthorizeConfig(
        @Doc("Conditions of which one must be true; without any, all may pass that no rule of deny refuses.")
        List<Rule> allow,

        @Doc("Conditions of which none may be true; they win over allow.")
        List<Rule> deny) {

    public AuthorizeConfig {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        if (allow.isEmpty() && deny.isEmpty()) {
            throw new ConfigException("", "no rule (expected: allow, deny or both)");
        }
        for (Rule rule : allow) {
            if (rule.message() != null) {
                throw new ConfigException(
                        "allow", rule.message() + " (expected: no message; a rule of allow refuses nothing)");
            }
        }
    }
}
