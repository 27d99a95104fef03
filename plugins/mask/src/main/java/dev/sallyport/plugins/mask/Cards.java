package dev.sallyport.plugins.mask;

import java.util.regex.Pattern;

/** Numbers of payment cards. */
final class Cards {

    /** As cards have them: by fours, or 4-6-5 and 4-6-4, with the same between them. */
    private static final Pattern GROUPS = Pattern.compile(
            "[0-9]{4}([ -])(?:[0-9]{4}\\1[0-9]{4}(?:\\1[0-9]{1,4}(?:\\1[0-9]{1,3})?)?|[0-9]{6}\\1[0-9]{4,5})");

    private Cards() {}

    /** @param written the same digits, with what stands between them */
    static boolean isCard(String digits, String written) {
        int length = digits.length();
        return length >= 13
                && length <= 19
                && isOfAnIssuer(digits)
                && isSumRight(digits)
                && (written.length() == length || GROUPS.matcher(written).matches());
    }

    /** What cards that people pay with begin with: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro. */
    private static boolean isOfAnIssuer(String digits) {
        int four = Integer.parseInt(digits.substring(0, 4));
        int two = four / 100;
        return digits.charAt(0) == '4'
                || (two >= 50 && two <= 69)
                || (four >= 2200 && four <= 2204)
                || (four >= 2221 && four <= 2720)
                || two == 34
                || two == 37
                || two == 30
                || two == 36
                || two == 38
                || two == 39
                || (four >= 3528 && four <= 3589)
                || two == 81;
    }

    /** Luhn's sum. */
    private static boolean isSumRight(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int twice = digit * 2;
            sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
        }
        return sum % 10 == 0;
    }
}
