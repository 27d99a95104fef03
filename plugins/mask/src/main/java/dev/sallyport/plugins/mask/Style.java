package dev.sallyport.plugins.mask;

import dev.sallyport.api.config.ConfigException;
import dev.sallyport.api.config.Doc;
import dev.sallyport.api.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What stands in the place of what is hidden. Immutable. */
public sealed interface Style {

    /** Three stars, whatever the length was. */
    record Stars() implements Style {

        @Override
        public String of(String value) {
            return "***";
        }
    }

    /** Stars for all but the last letters and digits. */
    record Last(
            @Doc("How many letters and digits stay at the end, the others become stars; of a value that has not"
                    + " more than twice as many, none.")
            int count)
            implements Style {

        /** @throws ConfigException where nothing would be hidden, or all */
        public Last {
            if (count < 1 || count > 64) {
                throw new ConfigException("count", count + " (expected: 1 to 64)");
            }
        }

        @Override
        public String of(String value) {
            long signs = value.chars().filter(Character::isLetterOrDigit).count();
            if (signs <= 2L * count) {
                return "***";
            }
            StringBuilder masked = new StringBuilder(value.length());
            long left = signs - count;
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                boolean hidden = left > 0 && Character.isLetterOrDigit(c);
                left -= hidden ? 1 : 0;
                masked.append(hidden || (left > 0 && Character.isSurrogate(c)) ? '*' : c);
            }
            return masked.toString();
        }
    }

    /** A code that is the same for the same value, and that nobody can undo who has not the key. */
    record Hash(
            @Doc("A key: the value becomes 32 hexadecimal digits of its HMAC-SHA256, the same for the same value.")
            Secret key)
            implements Style {

        private static final int LEAST = 16;

        /** @throws ConfigException where the key can be guessed */
        public Hash {
            if (key.value().length() < LEAST) {
                throw new ConfigException("key", "too short (expected: " + LEAST + " characters or more)");
            }
        }

        @Override
        public String of(String value) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                byte[] code = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(code, 0, 16);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A text that is always the same. */
    record Text(@Doc("A text that is always the same.") String text) implements Style {

        @Override
        public String of(String value) {
            return text;
        }
    }

    /** Nothing. */
    record Remove() implements Style {

        @Override
        public String of(String value) {
            return "";
        }
    }

    /** What stands in the place of that value. */
    String of(String value);

    /** Whether a field goes with its value. */
    default boolean removes() {
        return this instanceof Remove;
    }
}
