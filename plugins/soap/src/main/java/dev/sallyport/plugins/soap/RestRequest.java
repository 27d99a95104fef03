package dev.sallyport.plugins.soap;

import dev.sallyport.plugins.soap.RestAsSoapConfig.Mapping;
import dev.sallyport.xml.MismatchException;
import dev.sallyport.xml.Value;
import dev.sallyport.xml.Value.Arr;
import dev.sallyport.xml.Value.Bool;
import dev.sallyport.xml.Value.Nil;
import dev.sallyport.xml.Value.Num;
import dev.sallyport.xml.Value.Obj;
import dev.sallyport.xml.Value.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The request of REST that a message becomes.
 *
 * @param path encoded
 * @param query encoded; null for none
 * @param body null for none
 */
record RestRequest(
        String path, @Nullable String query, @Nullable Value body) {

    /** Makes it. */
    static RestRequest of(Mapping mapping, Value message) throws MismatchException {
        Obj rest = copy(message);
        StringBuilder path = new StringBuilder();
        for (String segment : mapping.path().substring(1).split("/", -1)) {
            path.append('/');
            if (Routes.isParameter(segment)) {
                path.append(encoded(take(rest, segment.substring(1, segment.length() - 1))));
            } else {
                path.append(segment);
            }
        }
        boolean bodyless = mapping.method().equals("GET") || mapping.method().equals("DELETE");
        if (!bodyless && mapping.body().equals("*")) {
            return new RestRequest(path.toString(), null, message instanceof Obj ? rest : message);
        }
        Value body = bodyless ? null : rest.members().remove(mapping.body());
        rest.members().remove(EnvelopeWriter.HEADERS_KEY); // no place in a query
        StringBuilder query = new StringBuilder();
        for (Map.Entry<String, Value> member : rest.members().entrySet()) {
            for (Value item : member.getValue() instanceof Arr array ? array.items() : List.of(member.getValue())) {
                if (item != Nil.NIL) {
                    query.append(query.isEmpty() ? "" : "&").append(encoded(member.getKey()));
                    query.append('=').append(encoded(text(item, member.getKey())));
                }
            }
        }
        return new RestRequest(path.toString(), query.isEmpty() ? null : query.toString(), body);
    }

    private static Obj copy(Value message) {
        Obj copy = new Obj();
        if (message instanceof Obj object) {
            object.members().forEach((key, value) -> copy.put(key, value instanceof Obj inner ? copy(inner) : value));
        }
        return copy;
    }

    private static String take(Obj from, String name) throws MismatchException {
        Obj at = from;
        String rest = name;
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            if (!(at.members().get(rest.substring(0, dot)) instanceof Obj inner)) {
                throw missing(name);
            }
            at = inner;
            rest = rest.substring(dot + 1);
        }
        Value value = at.members().remove(rest);
        if (value == null) {
            throw missing(name);
        }
        String text = text(value, name);
        if (text.isEmpty() || text.equals(".") || text.equals("..")) {
            throw new MismatchException("a text that cannot stand in a path (expected: another one)", pointer(name));
        }
        return text;
    }

    private static MismatchException missing(String name) {
        return new MismatchException("nothing there (expected: a value, for the path)", pointer(name));
    }

    private static String pointer(String name) {
        return "/" + name.replace('.', '/');
    }

    private static String text(Value value, String name) throws MismatchException {
        return switch (value) {
            case Text text -> text.text();
            case Num number -> number.text();
            case Bool bool -> Boolean.toString(bool.is());
            default -> throw new MismatchException(value.kind() + " (expected: a text or a number)", pointer(name));
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
