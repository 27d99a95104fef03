package dev.sallyport.plugins.rewrite;

import com.google.re2j.Matcher;
import dev.sallyport.api.Request;
import dev.sallyport.api.config.Escapes;
import dev.sallyport.api.config.Expression;
import dev.sallyport.api.config.Groups;
import org.jspecify.annotations.Nullable;

/** The values that a template's names and groups have for one request. */
final class Substitution implements Groups {

    static final String PATH = "path";

    private final Request request;
    private final @Nullable Matcher match;

    /** @param match the regex's match with the path, where there is a regex */
    Substitution(Request request, @Nullable Matcher match) {
        this.request = request;
        this.match = match;
    }

    Request request() {
        return request;
    }

    /** Decoded, as path parameters are, so that what an expression makes of it is encoded once. */
    @Override
    public String group(String name) {
        String group = encodedGroup(name);
        return group == null ? parameter(name) : Percent.decode(group);
    }

    /** The value as it stands in a path: a group, or the path, is a part of one already, all else one segment. */
    String inPath(Expression expression, String value) {
        String text = expression.toString();
        if (text.equals(PATH)) {
            return value;
        }
        String group = encodedGroup(text.startsWith("$") ? text.substring(1) : text);
        return group == null || text.matches("[0-9]+") ? Escapes.segment(value) : group;
    }

    /** A group by its number or name, empty where it matched nothing; null where there is no such group. */
    private @Nullable String encodedGroup(String name) {
        if (match == null) {
            return null;
        }
        Integer number = name.matches("[0-9]{1,3}")
                ? Integer.valueOf(name)
                : match.pattern().namedGroups().get(name);
        if (number == null || number > match.groupCount()) {
            return null;
        }
        String group = match.group(number);
        return group == null ? "" : group;
    }

    private String parameter(String name) {
        String value = request.exchange().parameters().get(name);
        if (value == null) {
            throw new IllegalStateException("{" + name + "} (expected: a path parameter of the route "
                    + request.exchange().route() + ", or a named group of regex); match a path with {" + name + "}");
        }
        return value;
    }
}
