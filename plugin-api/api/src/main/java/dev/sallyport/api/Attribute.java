package dev.sallyport.api;

/**
 * The key of a value that steps leave for each other on an {@link Exchange}: plugins find each other's values by its
 * name alone. Two plugins never share a class, so a value is of a type that both can see: the JDK's or this API's.
 *
 * @param name what the value is, kebab-case: {@code jwt-claims}
 * @param type the class of the value
 */
public record Attribute<T>(String name, Class<T> type) {

    /** @throws IllegalArgumentException where the class is a plugin's own */
    public Attribute {
        ClassLoader loader = type.getClassLoader();
        if (loader != null
                && !loader.equals(ClassLoader.getPlatformClassLoader())
                && !loader.equals(Attribute.class.getClassLoader())) {
            throw new IllegalArgumentException("attribute " + name + ": " + type.getName()
                    + " (expected: a class of the JDK or of the plugin API, since plugins share no other)");
        }
    }

    /** A key. */
    public static <T> Attribute<T> of(String name, Class<T> type) {
        return new Attribute<>(name, type);
    }
}
