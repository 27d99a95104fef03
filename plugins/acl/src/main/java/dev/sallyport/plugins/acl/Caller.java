package dev.sallyport.plugins.acl;

import dev.sallyport.api.Attribute;
import dev.sallyport.api.Consumer;
import dev.sallyport.api.Exchange;
import dev.sallyport.api.Request;
import java.util.List;
import java.util.Map;

/**
 * What the rules look at.
 *
 * @param names the consumer's name; none where no step has said it
 * @param groups its groups
 * @param claims of its token; none where it has none
 * @param method what it wants
 */
record Caller(List<String> names, List<String> groups, Claims claims, String method) {

    @SuppressWarnings("rawtypes") // a class object knows no type arguments
    static Caller of(Request request, Attribute<Map> claimsFrom) {
        Exchange exchange = request.exchange();
        Consumer consumer = exchange.consumer();
        if (consumer == null) {
            // Claims that nobody stands behind count for nothing.
            return new Caller(List.of(), List.of(), new Claims(Map.of()), request.method());
        }
        Map<?, ?> claims = exchange.get(claimsFrom);
        return new Caller(
                List.of(consumer.name()),
                consumer.groups(),
                new Claims(claims == null ? Map.of() : claims),
                request.method());
    }

    /** Whether anybody has said who it is. */
    boolean isIdentified() {
        return !names.isEmpty();
    }
}
