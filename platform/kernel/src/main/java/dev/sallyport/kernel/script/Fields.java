package dev.sallyport.kernel.script;

import dev.sallyport.api.Headers;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.graalvm.polyglot.proxy.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What a script's Headers object holds: the fields stay on this side, since a call of the host costs an interpreted script
 * less than a loop over them. Our JavaScript keeps it in a private field and hands it back; scripts never hold one.
 */
final class Fields implements Proxy {

    private Headers headers;
    private boolean changed;

    /** @param changed whether they are the script's own, and not those of the message that it got */
    Fields(Headers headers, boolean changed) {
        this.headers = headers;
        this.changed = changed;
    }

    Headers headers() {
        return headers;
    }

    /** Others with the same names and values, as much the script's own as these are. */
    Fields same() {
        return new Fields(headers, changed);
    }

    /** All values of that name in one text; null where there is none. */
    @Nullable
    String get(String name) {
        String found = null;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                found = found == null ? headers.value(i) : found + ", " + headers.value(i);
            }
        }
        return found;
    }

    boolean has(String name) {
        return headers.has(name);
    }

    /** @throws IllegalArgumentException where that cannot stand in a header */
    void set(String name, String value) {
        use(headers.with(name, stripped(value)));
    }

    /** @throws IllegalArgumentException where that cannot stand in a header */
    void add(String name, String value) {
        use(headers.withAdded(name, stripped(value)));
    }

    void remove(String name) {
        if (headers.has(name)) {
            use(headers.without(name));
        }
    }

    /** What the fields of the script's message are now; null where they are those of the message that it got. */
    @Nullable
    Headers told() {
        return changed ? headers : null;
    }

    /**
     * As lines: the values of one name; or all, name and value by turns, names in lower case, sorted, values of one name in
     * one text but for set-cookie. Null where there are none.
     *
     * @see <a href="https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine">sort and combine</a>
     */
    @Nullable
    String lines(@Nullable String only) {
        if (only != null) {
            return headers.has(only) ? String.join("\n", headers.all(only)) : null;
        }
        Map<String, String> sorted = new TreeMap<>();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i).toLowerCase(Locale.ROOT);
            String between = name.equals("set-cookie") ? "\n" + name + "\n" : ", ";
            sorted.merge(name, headers.value(i), (before, value) -> before + between + value);
        }
        StringBuilder lines = new StringBuilder(headers.size() * 32);
        sorted.forEach(
                (name, value) -> lines.append('\n').append(name).append('\n').append(value));
        return lines.isEmpty() ? null : lines.substring(1);
    }

    private void use(Headers others) {
        changed = true;
        headers = others;
    }

    private static String stripped(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && isBlank(value.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
