package dev.sallyport.plugins.jsontransform;

/** What can be said of a template by its text. */
final class TemplateText {

    private TemplateText() {}

    /** Line and column of a character, from 1. */
    static String place(String text, int index) {
        int end = Math.clamp(index, 0, text.length());
        long line = text.substring(0, end).chars().filter(c -> c == '\n').count() + 1;
        return "line " + line + ", column " + (end - text.lastIndexOf('\n', end - 1));
    }

    /** Where a regular expression begins, which is a slash that divides nothing; -1 for none. */
    static int regex(String text) {
        boolean afterValue = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                continue;
            }
            if (text.startsWith("/*", i)) {
                int end = text.indexOf("*/", i + 2);
                i = end < 0 ? text.length() : end + 1;
            } else if (c == '/' && !afterValue) {
                return i;
            } else if (c == '"' || c == '\'' || c == '`') {
                i = quoted(text, i);
                afterValue = true;
            } else if (Character.isJavaIdentifierPart(c)) {
                int from = i;
                while (i + 1 < text.length() && Character.isJavaIdentifierPart(text.charAt(i + 1))) {
                    i++;
                }
                String word = text.substring(from, i + 1);
                afterValue = !word.equals("and") && !word.equals("or") && !word.equals("in");
            } else {
                afterValue = c == ')' || c == ']' || c == '}' || c == '*' || c == '%';
            }
        }
        return -1;
    }

    private static int quoted(String text, int from) {
        char end = text.charAt(from);
        int i = from + 1;
        while (i < text.length() && text.charAt(i) != end) {
            i += end != '`' && text.charAt(i) == '\\' ? 2 : 1;
        }
        return i;
    }
}
