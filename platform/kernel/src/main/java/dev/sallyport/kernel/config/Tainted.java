package dev.sallyport.kernel.config;

/** Keeps secrets out of texts that somebody else made from a value. */
final class Tainted {

    private Tainted() {}

    /** The text with each secret below the node shown as it was written. */
    static String hide(String text, ConfigNode node) {
        return switch (node) {
            case ConfigNode.Scalar scalar -> {
                String hidden = scalar.isTainted() && !scalar.text().isEmpty()
                        ? text.replace(scalar.text(), scalar.written())
                        : text;
                for (String secret : scalar.secrets()) {
                    hidden = secret.isEmpty() ? hidden : hidden.replace(secret, "…");
                }
                yield hidden;
            }
            case ConfigNode.Sequence list -> {
                String hidden = text;
                for (ConfigNode item : list.items()) {
                    hidden = hide(hidden, item);
                }
                yield hidden;
            }
            case ConfigNode.Mapping mapping -> {
                String hidden = text;
                for (ConfigNode.Entry entry : mapping.entries().values()) {
                    hidden = hide(hidden, entry.value());
                }
                yield hidden;
            }
        };
    }
}
