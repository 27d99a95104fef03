package dev.sallyport.plugins.mask;

import java.util.regex.Pattern;

/** Numbers of persons. */
final class Persons {

    private static final Pattern NORTH_AMERICAN =
            Pattern.compile("(1[-. ])?(\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}[-. ])[2-9][0-9]{2}[-. ][0-9]{4}");

    private static final Pattern SOCIAL_SECURITY = Pattern.compile("[0-9]{3}([- ])[0-9]{2}\\1[0-9]{4}");

    private Persons() {}

    static boolean isPhone(String digits, String written) {
        if (written.startsWith("+") || written.startsWith("(+")) {
            return digits.length() >= 8 && digits.length() <= 15 && digits.charAt(0) != '0';
        }
        return (digits.length() == 10 || digits.length() == 11)
                && NORTH_AMERICAN.matcher(written).matches();
    }

    static boolean isSocialSecurity(String digits, String written) {
        return digits.length() == 9
                && SOCIAL_SECURITY.matcher(written).matches()
                && !digits.startsWith("000")
                && !digits.startsWith("666")
                && digits.charAt(0) != '9'
                && !digits.startsWith("00", 3)
                && !digits.endsWith("0000");
    }
}
