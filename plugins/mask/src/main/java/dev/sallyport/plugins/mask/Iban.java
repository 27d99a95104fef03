package dev.sallyport.plugins.mask;

import org.jspecify.annotations.Nullable;

/** Finds bank account numbers (ISO 13616): two letters, two digits, up to 30 more, with a sum that is right (ISO 7064). */
record Iban() implements Finder {

    private static final int LEAST = 15;
    private static final int MOST = 34;

    @Override
    public String name() {
        return "iban";
    }

    @Override
    public @Nullable Found find(byte[] text, int start, int from, int to) {
        for (int i = from; i + LEAST <= to; i++) {
            if (isUpper(text[i])
                    && isUpper(text[i + 1])
                    && Digits.isDigit(text[i + 2])
                    && Digits.isDigit(text[i + 3])
                    && (i == start || !Digits.isWord(text[i - 1]))) {
                int end = end(text, i, to);
                if (end > 0) {
                    return new Found(i, end);
                }
            }
        }
        return null;
    }

    /** The end of the longest one that begins there; -1 for none. */
    private static int end(byte[] text, int begin, int to) {
        StringBuilder written = new StringBuilder(MOST);
        int found = -1;
        for (int i = begin; i < to && written.length() < MOST; i++) {
            byte c = text[i];
            boolean blank = c == ' ' && i > begin && text[i - 1] != ' ';
            if (!isUpper(c) && !Digits.isDigit(c) && !blank) {
                break;
            }
            if (!blank) {
                written.append((char) c);
                boolean ends = i + 1 == to || !Digits.isWord(text[i + 1]);
                if (ends && written.length() >= LEAST && isRight(written)) {
                    found = i + 1;
                }
            }
        }
        return found;
    }

    private static boolean isRight(CharSequence iban) {
        int rest = 0;
        for (int i = 0; i < iban.length(); i++) {
            char c = iban.charAt((i + 4) % iban.length());
            int value = Character.digit(c, 36);
            rest = (value < 10 ? rest * 10 + value : rest * 100 + value) % 97;
        }
        return rest == 1;
    }

    private static boolean isUpper(byte c) {
        return c >= 'A' && c <= 'Z';
    }
}
