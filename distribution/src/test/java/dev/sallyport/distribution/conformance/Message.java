package dev.sallyport.distribution.conformance;

import java.util.ArrayList;
import java.util.List;

/** A message as one side has got it: what there is of it, and what is wrong with it. */
final class Message {

    record Field(String name, String value) {

        @Override
        public String toString() {
            return name + ": " + value;
        }

        /** Whether it is what a case asks for: a name, or a name and its value. */
        boolean is(String wanted) {
            int colon = wanted.indexOf(": ");
            return colon < 0
                    ? name.equalsIgnoreCase(wanted)
                    : name.equalsIgnoreCase(wanted.substring(0, colon)) && value.equals(wanted.substring(colon + 2));
        }
    }

    String line = "";
    final List<Field> fields = new ArrayList<>();
    final List<Field> trailers = new ArrayList<>();
    final StringBuilder body = new StringBuilder();

    /** Why two readers could understand it in two ways. */
    final List<String> problems = new ArrayList<>();

    /** The status of each interim response that came before it. */
    final List<Integer> interims = new ArrayList<>();

    boolean whole;

    int status() {
        return Integer.parseInt(line.split(" ", 3)[1]);
    }

    boolean has(String wanted) {
        return fields.stream().anyMatch(field -> field.is(wanted));
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }
}
