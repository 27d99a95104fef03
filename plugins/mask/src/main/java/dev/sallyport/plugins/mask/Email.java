package dev.sallyport.plugins.mask;

import org.jspecify.annotations.Nullable;

/** Finds e-mail addresses as people write them: of the forms of RFC 5321 and 5890, without quotes and comments. */
record Email() implements Finder {

    private static final int LOCAL = 64;
    private static final int DOMAIN = 253;

    @Override
    public String name() {
        return "email";
    }

    @Override
    public @Nullable Found find(byte[] text, int start, int from, int to) {
        for (int at = from; at < to; at++) {
            if (text[at] == '@') {
                int begin = at;
                while (begin > from && at - begin < LOCAL && isLocal(text[begin - 1])) {
                    begin--;
                }
                while (begin < at && text[begin] == '.') {
                    begin++;
                }
                int end = domain(text, at + 1, to);
                if (begin < at && text[at - 1] != '.' && end > 0) {
                    return new Found(begin, end);
                }
            }
        }
        return null;
    }

    /** The end of a domain of two labels or more, the last one of letters; -1 for none. */
    private static int domain(byte[] text, int from, int to) {
        int end = -1;
        int label = from;
        boolean letters = true;
        int last = Math.min(to, from + DOMAIN);
        for (int i = from; i <= last; i++) {
            if (i == last && last < to) {
                break; // longer than a domain is
            }
            byte c = i < last ? text[i] : 0;
            if (isLetter(c) || Digits.isDigit(c) || c == '-' || c < 0) {
                letters &= isLetter(c) || c < 0;
                continue;
            }
            if (i == label) {
                break;
            }
            boolean further = label > from; // not the first label
            if (further && letters && i - label >= 2) {
                end = i;
            }
            if (c != '.') {
                break;
            }
            label = i + 1;
            letters = true;
        }
        return end;
    }

    private static boolean isLetter(byte c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isLocal(byte c) {
        return isLetter(c) || Digits.isDigit(c) || "!#$%&'*+-/=?^_`{|}~.".indexOf(c) >= 0;
    }
}
