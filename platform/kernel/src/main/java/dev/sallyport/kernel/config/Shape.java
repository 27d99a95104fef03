package dev.sallyport.kernel.config;

import org.jspecify.annotations.Nullable;

/**
 * What a value may be, and how it becomes an object. A shape is made from a record ({@link RecordShapes}) or from a JSON
 * Schema ({@link SchemaShapes}); both judge alike, in the same words, and a shape of a schema makes no objects of a
 * plugin's classes.
 */
sealed interface Shape
        permits ScalarShape,
                ListShape,
                MapShape,
                ObjectShape,
                ChoiceShape,
                FreeShape,
                NodeShape,
                StepShape,
                CredentialShape,
                ServiceShape {

    /**
     * Makes the object, or reports why it cannot be.
     *
     * @param node what was written
     * @param key its path of keys
     * @return null where a problem was reported
     */
    @Nullable
    Object bind(ConfigNode node, String key, Binding binding);

    /** What is expected, as it reads after "expected:". */
    String expected();
}
