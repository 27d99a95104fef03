package dev.sallyport.plugins.soap;

import dev.sallyport.api.Request;
import dev.sallyport.plugins.soap.Complex.Content;
import dev.sallyport.plugins.soap.Routes.Found;
import dev.sallyport.plugins.soap.Routes.Route;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What body, path and query of a request, or the body of a response, hold of a message. */
final class Requested {

    /** More names within each other are no message, and would not fit the stack. */
    private static final int MOST_DOTS = 100;

    private Requested() {}

    /**
     * The value that a request asks with.
     *
     * @param body its body; an empty object for none
     */
    static Value value(Request request, Found found, Value body) throws MismatchException {
        Route route = found.route();
        String member = route.mapping().body();
        boolean whole = member.equals("*");
        if (whole && route.hasBody() && found.parameters().isEmpty()) {
            return body;
        }
        Obj value = new Obj();
        if (route.hasBody()) {
            if (!whole) {
                put(value, member, body);
            } else if (body instanceof Obj object) {
                value.members().putAll(object.members());
            } else {
                throw new MismatchException(body.kind() + " (expected: an object)", "");
            }
        }
        if (!whole || !route.hasBody()) {
            for (String name : names(request.target().query())) {
                List<String> texts = request.target().parameters(name);
                put(value, name, texts.size() == 1 ? new Text(texts.getFirst()) : array(texts));
            }
        }
        for (Map.Entry<String, String> parameter : found.parameters().entrySet()) {
            put(value, parameter.getKey(), new Text(parameter.getValue()));
        }
        return value;
    }

    private static Arr array(List<String> texts) {
        Arr array = new Arr();
        texts.forEach(text -> array.items().add(new Text(text)));
        return array;
    }

    private static Set<String> names(@Nullable String query) {
        Set<String> names = new LinkedHashSet<>();
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!name.isEmpty()) {
                names.add(decoded(name));
            }
        }
        return names;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** Puts a value at a name with dots between the names of members within each other. */
    private static void put(Obj into, String name, Value value) throws MismatchException {
        Obj at = into;
        int from = 0;
        if (name.chars().filter(character -> character == '.').count() > MOST_DOTS) {
            throw new MismatchException("a name with more than " + MOST_DOTS + " dots (expected: less)", "");
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
            String step = name.substring(from, dot);
            Value next = at.members().computeIfAbsent(step, _ -> new Obj());
            if (!(next instanceof Obj object)) {
                throw new MismatchException(next.kind() + " (expected: an object)", "/" + step);
            }
            at = object;
            from = dot + 1;
        }
        at.put(name.substring(from), value);
    }

    /** A member of an answer, or all of it. */
    static @Nullable Value part(@Nullable Value value, String member) {
        if (value == null || member.equals("*")) {
            return value;
        }
        Value part = value instanceof Obj object ? object.members().get(member) : null;
        return part == null ? Nil.NIL : part;
    }

    /** Whether the one member of a type is an array, so that an array alone can stand for it; its name, or null. */
    static @Nullable String onlyMember(@Nullable Element element) {
        if (element != null
                && element.type() instanceof Complex complex
                && complex.content() instanceof Content.Elements elements
                && elements.group().parts().size() == 1
                && elements.group().parts().getFirst() instanceof Particle.Use use) {
            return use.key(use.element());
        }
        return null;
    }
}
