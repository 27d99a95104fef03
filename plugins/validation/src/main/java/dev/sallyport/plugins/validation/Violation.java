package dev.sallyport.plugins.validation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request or a response. It tells names and what the document expects, and no value that
 * was sent, which may be a secret.
 *
 * @param in {@code body}, {@code query}, {@code path}, {@code header} or {@code cookie}; null where there is only a body
 * @param name of the parameter or header; null for a body
 * @param pointer where in the value, as JSON Pointer; {@code ""} for all of it
 * @param keyword of the schema, or {@code json}, {@code required}, {@code style} …
 * @param detail what is wrong, in a few words
 */
record Violation(@Nullable String in, @Nullable String name, String pointer, String keyword, String detail) {

    private static final int LONGEST_POINTER = 300;

    Violation {
        pointer = pointer.length() <= LONGEST_POINTER ? pointer : pointer.substring(0, LONGEST_POINTER) + "…";
    }

    /** Of a body where nothing else is looked at. */
    static Violation of(String pointer, String keyword, String detail) {
        return new Violation(null, null, pointer, keyword, detail);
    }

    /** The same, with where it was found. */
    Violation in(String newIn, @Nullable String newName) {
        return new Violation(newIn, newName, pointer, keyword, detail);
    }

    /** Its members in an answer. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        if (in != null) {
            members.put("in", in);
        }
        if (name != null) {
            members.put("name", name);
        }
        members.put("pointer", pointer);
        members.put("keyword", keyword);
        members.put("detail", detail);
        return members;
    }
}
