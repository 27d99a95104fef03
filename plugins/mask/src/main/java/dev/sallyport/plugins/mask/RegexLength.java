package dev.sallyport.plugins.mask;

/** How much a regular expression can match, from its text, which is known to be one. Errs on the safe side. */
final class RegexLength {

    private static final long ENDLESS = Integer.MAX_VALUE;

    private final String regex;
    private int at;

    RegexLength(String regex) {
        this.regex = regex;
    }

    /**
     * The most characters; a huge number for no bound.
     *
     * @throws IllegalArgumentException where it holds what is not taken
     */
    long most() {
        return alternatives();
    }

    private long alternatives() {
        long most = 0;
        long sum = 0;
        while (at < regex.length() && regex.charAt(at) != ')') {
            if (regex.charAt(at) == '|') {
                at++;
                most = Math.max(most, sum);
                sum = 0;
            } else {
                sum = Math.min(ENDLESS, sum + repeated(atom()));
            }
        }
        return Math.max(most, sum);
    }

    private long atom() {
        char c = regex.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> set();
            case '\\' -> escape();
            case '^', '$' -> 0;
            default -> 1;
        };
    }

    private long group() {
        if (regex.startsWith("?", at)) {
            int name = regex.indexOf('>', at);
            int flags = at;
            while (flags < regex.length() && ":)>".indexOf(regex.charAt(flags)) < 0) {
                flags++;
            }
            at = regex.startsWith("?P<", at) || regex.startsWith("?<", at) ? name + 1 : flags + 1;
            if (regex.charAt(at - 1) == ')') {
                return 0; // flags alone
            }
        }
        long most = alternatives();
        at++;
        return most;
    }

    private long set() {
        at += regex.startsWith("^", at) ? 1 : 0;
        at += regex.startsWith("]", at) ? 1 : 0;
        while (regex.charAt(at) != ']') {
            if (regex.startsWith("[:", at)) {
                at = regex.indexOf(":]", at) + 2;
            } else {
                at += regex.charAt(at) == '\\' ? escapeInSet() : 1;
            }
        }
        at++;
        return 1;
    }

    private int escapeInSet() {
        refuse(regex.charAt(at + 1));
        return 2;
    }

    private long escape() {
        char c = regex.charAt(at++);
        refuse(c);
        if (c == 'x') {
            at = regex.startsWith("{", at) ? regex.indexOf('}', at) + 1 : at + 2;
        }
        return "AbBz".indexOf(c) >= 0 ? 0 : 1;
    }

    private void refuse(char escape) {
        if (escape == 'p' || escape == 'P' || escape == 'Q' || escape == 'C') {
            throw new IllegalArgumentException(regex + " (expected: no \\" + escape
                    + "); write the characters out, with a \\ before special ones");
        }
    }

    private long repeated(long once) {
        long most = once;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == '?') {
                at++;
            } else if (c == '*' || c == '+') {
                at++;
                most = most == 0 ? 0 : ENDLESS;
            } else if (c == '{' && regex.substring(at).matches("\\{[0-9]{1,4}(,[0-9]{0,4})?\\}(?s:.*)")) {
                int end = regex.indexOf('}', at);
                String count = regex.substring(at + 1, end);
                String last = count.substring(count.indexOf(',') + 1);
                most = last.isEmpty() ? (most == 0 ? 0 : ENDLESS) : Math.min(ENDLESS, most * Long.parseLong(last));
                at = end + 1;
            } else {
                return most;
            }
        }
        return most;
    }
}
