package dev.sallyport.plugins.grpcjson;

import java.util.ArrayList;
import java.util.List;

/**
 * A path of a {@code google.api.http} rule, by the grammar in {@code google/api/http.proto}. Immutable.
 *
 * @param segments literals, {@code *} for any segment, and at the end {@code **} for any number of them
 * @param verb what follows the last colon; {@code ""} for none
 * @param variables what is bound to fields
 */
record PathTemplate(List<String> segments, String verb, List<Variable> variables) {

    static final String ONE = "*";
    static final String REST = "**";

    /**
     * What is bound to a field.
     *
     * @param field its path: {@code book.name}
     * @param from the index of its first segment
     * @param to the index after its last one; for one that ends in {@code **}, after the path's last one
     */
    record Variable(String field, int from, int to, boolean single) {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is none, with what is wrong and where
     */
    static PathTemplate parse(String text) {
        return new Parser(text).parse();
    }

    /** Whether it ends in any number of segments. */
    boolean isOpen() {
        return !segments.isEmpty() && segments.getLast().equals(REST);
    }

    private static final class Parser {

        private final String text;
        private final List<String> segments = new ArrayList<>();
        private final List<Variable> variables = new ArrayList<>();
        private int at;

        Parser(String text) {
            this.text = text;
        }

        PathTemplate parse() {
            expect('/');
            segments(false);
            String verb = "";
            if (at < text.length()) {
                expect(':');
                verb = literal();
            }
            if (at < text.length()) {
                throw bad("the end");
            }
            int rest = segments.indexOf(REST);
            if (rest >= 0 && rest < segments.size() - 1) {
                throw new IllegalArgumentException(text + " (expected: ** at the end alone)");
            }
            return new PathTemplate(List.copyOf(segments), verb, List.copyOf(variables));
        }

        private void segments(boolean inVariable) {
            segment(inVariable);
            while (at < text.length() && text.charAt(at) == '/') {
                at++;
                segment(inVariable);
            }
        }

        private void segment(boolean inVariable) {
            if (text.startsWith(REST, at)) {
                at += 2;
                segments.add(REST);
            } else if (text.startsWith(ONE, at)) {
                at++;
                segments.add(ONE);
            } else if (text.startsWith("{", at)) {
                if (inVariable) {
                    throw bad("no variable within a variable");
                }
                variable();
            } else {
                segments.add(literal());
            }
        }

        private void variable() {
            at++;
            int start = at;
            while (at < text.length()
                    && (Character.isLetterOrDigit(text.charAt(at)) || "_.".indexOf(text.charAt(at)) >= 0)) {
                at++;
            }
            String field = text.substring(start, at);
            if (field.isEmpty()) {
                throw bad("the path of a field");
            }
            int from = segments.size();
            boolean single = true;
            if (text.startsWith("=", at)) {
                at++;
                segments(true);
                single = segments.size() == from + 1 && segments.getLast().equals(ONE);
            } else {
                segments.add(ONE);
            }
            expect('}');
            variables.add(new Variable(field, from, segments.size(), single));
        }

        private String literal() {
            int start = at;
            while (at < text.length() && "/{}:*?#".indexOf(text.charAt(at)) < 0 && text.charAt(at) > ' ') {
                at++;
            }
            if (at == start) {
                throw bad("a segment");
            }
            return text.substring(start, at);
        }

        private void expect(char c) {
            if (at >= text.length() || text.charAt(at) != c) {
                throw bad(String.valueOf(c));
            }
            at++;
        }

        private IllegalArgumentException bad(String expected) {
            return new IllegalArgumentException(text + ": character " + (at + 1) + " (expected: " + expected + ")");
        }
    }
}
