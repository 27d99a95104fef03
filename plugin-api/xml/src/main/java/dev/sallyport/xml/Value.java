package dev.sallyport.xml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of JSON, with numbers as they are written and members in their order. For one thread where it can change. */
public sealed interface Value {

    /** What kind it is, for people. */
    default String kind() {
        return switch (this) {
            case Obj _ -> "an object";
            case Arr _ -> "an array";
            case Text _ -> "a text";
            case Num _ -> "a number";
            case Bool _ -> "a boolean";
            case Nil _ -> "null";
        };
    }

    /**
     * An object.
     *
     * @param members in their order
     */
    record Obj(Map<String, Value> members) implements Value {

        /** One without members. */
        public Obj() {
            this(new LinkedHashMap<>());
        }

        /** Puts a member, in the place of one of its name. */
        public Obj put(String name, Value value) {
            members.put(name, value);
            return this;
        }
    }

    /**
     * An array.
     *
     * @param items in their order
     */
    record Arr(List<Value> items) implements Value {

        /** One without items. */
        public Arr() {
            this(new ArrayList<>());
        }
    }

    /**
     * A text.
     *
     * @param text without quotes and escapes
     */
    record Text(String text) implements Value {}

    /**
     * A number.
     *
     * @param text as JSON writes it
     */
    record Num(String text) implements Value {}

    /**
     * A boolean.
     *
     * @param is which
     */
    record Bool(boolean is) implements Value {}

    /** Null. */
    enum Nil implements Value {
        /** The only one. */
        NIL
    }
}
