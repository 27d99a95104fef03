package dev.sallyport.api.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names and functions of {@linkplain Expression expressions}: for what documents them, and for other languages that are
 * to have the same ones.
 */
public final class Vocabulary {

    private Vocabulary() {}

    /** All names, in the order of the reference. */
    public static List<? extends Name> names() {
        return Names.all();
    }

    /** All functions, in the order of the reference. */
    public static List<? extends Function> functions() {
        return Functions.all();
    }

    /** Something that can be read. */
    public sealed interface Name permits Names.Name {

        /** What is written, without its member: {@code header}. */
        String path();

        /** What stands for the member that has to follow: {@code NAME}; null where none does. */
        @Nullable
        String member();

        /** What its value is. */
        Kind kind();

        /** What has to be there. */
        Sight sight();

        /** What it is, in Markdown. */
        String words();

        /** How it is written: {@code header.NAME}. */
        String form();
    }

    /** Something that can be computed. */
    public sealed interface Function permits Functions.Form {

        /** What it is called on, as {@code text.size()}; null where it stands alone. */
        @Nullable
        Kind on();

        /** Its name. */
        String name();

        /** What it is given. */
        List<Kind> parameters();

        /** What it gives. */
        Kind result();

        /** What that is, in Markdown. */
        String words();

        /** How it is called: {@code text.replace(text, text)}. */
        String form();

        /**
         * Its value.
         *
         * @param arguments first what it is called on, where it is called on something
         * @return null where it is absent
         * @throws IllegalArgumentException where an argument that has to be written out cannot be what it is
         */
        @Nullable
        Object call(Object... arguments);
    }
}
