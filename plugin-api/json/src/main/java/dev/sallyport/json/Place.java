package dev.sallyport.json;

import org.jspecify.annotations.Nullable;

/** What is to be done at one place of a document, and at those inside of it. By default nothing. */
public abstract class Place {

    /** What becomes of a value. */
    public enum Edit {
        /** It stays; what is inside may be changed. */
        KEEP,
        /** It goes, with its name. */
        REMOVE,
        /** {@link Place#value} takes its place, where there is one. */
        REPLACE,
        /** Each text, number, boolean or null goes through {@link Place#scalar}; what is inside of others may be changed. */
        SCALAR
    }

    /** For subclasses. */
    protected Place() {}

    /** What becomes of the value here. */
    public Edit edit() {
        return Edit.KEEP;
    }

    /** Whether anything inside is of interest: where not, its names are not looked at. */
    public boolean hasParts() {
        return false;
    }

    /** The place of a member; null where it stays as it is. */
    public @Nullable Place member(String name) {
        return null;
    }

    /** The place of an element, the first one at 0; null where it stays as it is. */
    public @Nullable Place element(long index) {
        return null;
    }

    /** The JSON text that takes the value's place; null where it stays after all. */
    public byte @Nullable [] value(Values values) {
        return null;
    }

    /** What changes a text, number, boolean or null here. */
    public ScalarEdit scalar() {
        throw new IllegalStateException("no scalar edit");
    }

    /** The JSON text of the name that the member gets; null for its own. */
    public byte @Nullable [] name() {
        return null;
    }

    /** Under which number the container remembers that it was here; below 0 where it need not. */
    public int slot() {
        return -1;
    }

    /** Whether it is removed where another one of the same slot was here before. */
    public boolean isFirstOnly() {
        return false;
    }

    /** How many slots the members here have. */
    public int slots() {
        return 0;
    }

    /** Adds what is missing, at the end of an object or array. */
    public void end(boolean array, boolean[] seen, Values values, Parts parts) {}

    /** Values that are not the same for each document. */
    @FunctionalInterface
    public interface Values {

        /** No values. */
        Values NONE = index -> null;

        /** The JSON text of a value; null where there is none for this document. */
        byte @Nullable [] json(int index);
    }

    /** Takes what is added to an object or array. */
    @FunctionalInterface
    public interface Parts {

        /**
         * Adds a part.
         *
         * @param name the JSON text of its name; null in an array
         * @param value its JSON text
         */
        void add(byte @Nullable [] name, byte[] value);
    }
}
