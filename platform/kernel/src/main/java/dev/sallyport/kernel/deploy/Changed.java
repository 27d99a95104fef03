package dev.sallyport.kernel.deploy;

import java.util.Map;
import java.util.TreeMap;

/**
 * Those of a configuration's files that say something else than before: of a hundred teams' files the one.
 *
 * @param before what they said, by name
 * @param after what they say
 */
record Changed(Map<String, String> before, Map<String, String> after) {

    static Changed of(Map<String, String> before, Map<String, String> after) {
        Map<String, String> old = new TreeMap<>(before);
        Map<String, String> now = new TreeMap<>(after);
        before.forEach((name, text) -> {
            if (text.equals(after.get(name))) {
                old.remove(name);
                now.remove(name);
            }
        });
        return new Changed(old, now);
    }
}
