package dev.sallyport.plugins.rewrite;

import com.google.re2j.Matcher;
import dev.sallyport.api.Request;
import org.jspecify.annotations.Nullable;

/** The values that a template's names and groups have for one request. */
final class Substitution {

    private final Request request;
    private final @Nullable Matcher match;

    /** @param match the regex's match with the path, where there is a regex */
    Substitution(Request request, @Nullable Matcher match) {
        this.request = request;
        this.match = match;
    }

    /** The value as it stands in a path. A group is a part of the path, so it is encoded already. */
    String inPath(Template.Part part) {
        return switch (part) {
            case Template.Text text -> text.text();
            case Template.Group group -> group(group.number());
            case Template.Named named -> {
                String group = group(named.name());
                yield group == null ? Percent.segment(parameter(named.name())) : group;
            }
        };
    }

    /** The value as it stands in a query. */
    String inQuery(Template.Part part) {
        return Percent.query(
                switch (part) {
                    case Template.Text text -> text.text();
                    case Template.Group group -> Percent.decode(group(group.number()));
                    case Template.Named named -> {
                        String group = group(named.name());
                        yield group == null ? parameter(named.name()) : Percent.decode(group);
                    }
                });
    }

    private String group(int number) {
        String group = match == null ? null : match.group(number);
        return group == null ? "" : group;
    }

    private @Nullable String group(String name) {
        Integer number = match == null ? null : match.pattern().namedGroups().get(name);
        return number == null ? null : group(number);
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
