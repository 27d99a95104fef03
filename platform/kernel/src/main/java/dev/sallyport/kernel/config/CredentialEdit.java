package dev.sallyport.kernel.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a consumer in a configuration's text one more credential, or takes one away. The consumer is written anew; all else
 * stays as it is written, comments too.
 *
 * @param consumer its name
 */
public record CredentialEdit(String consumer) {

    private static final Place HERE = new Place("body", 1, 1);
    private static final String CREDENTIALS = "credentials";

    /** The edit of the whole consumer. */
    public YamlEdit whole() {
        return new YamlEdit("consumers", consumer);
    }

    /** Whether the text has the consumer, with a credential of that id. */
    public boolean has(String text, String id) {
        return credentials(find(text)).stream().anyMatch(each -> id.equals(id(each)));
    }

    /**
     * The text with one more; the consumer is made where it is not there.
     *
     * @param credential a mapping of its type to its settings
     * @throws IllegalArgumentException where the text cannot be understood
     */
    public String add(String text, ConfigNode credential) {
        ConfigNode.Mapping found = find(text);
        List<ConfigNode> all = new ArrayList<>(credentials(found));
        all.add(credential);
        return whole().put(text, with(found, all));
    }

    /** The text without the one of that id. */
    public String remove(String text, String id) {
        ConfigNode.Mapping found = find(text);
        List<ConfigNode> rest =
                credentials(found).stream().filter(each -> !id.equals(id(each))).toList();
        return whole().put(text, with(found, rest));
    }

    /** What a credential calls itself: the key {@code id} of its settings, which every type that ships has; null for none. */
    static @Nullable String id(ConfigNode credential) {
        if (credential instanceof ConfigNode.Mapping mapping
                && mapping.entries().size() == 1) {
            ConfigNode settings = mapping.entries().values().iterator().next().value();
            return settings instanceof ConfigNode.Mapping keys && keys.get("id") instanceof ConfigNode.Scalar id
                    ? id.written()
                    : null;
        }
        return null;
    }

    private ConfigNode.@Nullable Mapping find(String text) {
        ConfigNode root = new YamlText("body", problem -> {}).parse(text);
        if (root instanceof ConfigNode.Mapping whole && whole.get("consumers") instanceof ConfigNode.Sequence all) {
            for (ConfigNode each : all.items()) {
                if (each instanceof ConfigNode.Mapping one
                        && one.get("name") instanceof ConfigNode.Scalar name
                        && name.written().equals(consumer)) {
                    return one;
                }
            }
        }
        return null;
    }

    private static List<ConfigNode> credentials(ConfigNode.@Nullable Mapping found) {
        return found != null && found.get(CREDENTIALS) instanceof ConfigNode.Sequence list ? list.items() : List.of();
    }

    private ConfigNode with(ConfigNode.@Nullable Mapping found, List<ConfigNode> credentials) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        if (found == null) {
            entries.put("name", new ConfigNode.Entry(HERE, new ConfigNode.Scalar(consumer, true, HERE)));
        } else {
            entries.putAll(found.entries());
        }
        entries.put(CREDENTIALS, new ConfigNode.Entry(HERE, new ConfigNode.Sequence(credentials, HERE)));
        return new ConfigNode.Mapping(entries, HERE);
    }
}
