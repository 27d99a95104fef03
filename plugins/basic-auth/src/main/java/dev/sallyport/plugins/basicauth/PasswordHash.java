package dev.sallyport.plugins.basicauth;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The hash of a password, by bcrypt or Argon2id. Immutable. To check one takes as long as its parameters say. */
public final class PasswordHash {

    /** What bcrypt looks at; all beyond is nothing to it. */
    static final int BCRYPT_BYTES = 72;

    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final Pattern ARGON2 = Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private static final int LEAST_COST = 4;
    private static final int MOST_COST = 15;
    /** What OWASP asks of bcrypt. */
    private static final int GOOD_COST = 10;

    private static final int MOST_MEMORY = 256 << 10;
    private static final int MOST_PASSES = 20;
    private static final int MOST_LANES = 16;

    /** What is left of a hash when the password is gone. */
    private static final String EXPECTED = "(expected: a hash by bcrypt ($2y$12$…) or Argon2id ($argon2id$v=19$…))";

    private final String text;
    private final @Nullable Argon2 argon2;

    private PasswordHash(String text, @Nullable Argon2 argon2) {
        this.text = text;
        this.argon2 = argon2;
    }

    /** Salt and hash in Base64, as they are written. */
    private record Argon2(int memory, int passes, int lanes, String salt, String hash) {}

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException where it is none that is taken; its message does not repeat the text, which may be a
     *     password
     */
    public static PasswordHash parse(String text) {
        Matcher bcrypt = BCRYPT.matcher(text);
        if (bcrypt.matches()) {
            bounds("the cost of bcrypt", bcrypt.group(1), LEAST_COST, MOST_COST);
            return new PasswordHash(text, null);
        }
        Matcher argon2 = ARGON2.matcher(text);
        if (argon2.matches()) {
            int lanes = bounds("p of Argon2", argon2.group(3), 1, MOST_LANES);
            return new PasswordHash(
                    text,
                    new Argon2(
                            bounds("m of Argon2", argon2.group(1), 8 * lanes, MOST_MEMORY),
                            bounds("t of Argon2", argon2.group(2), 1, MOST_PASSES),
                            lanes,
                            base64(argon2.group(4)),
                            base64(argon2.group(5))));
        }
        throw new IllegalArgumentException(
                kind(text) + " " + EXPECTED + "; make a new one, as by htpasswd -nBC 12 USER");
    }

    private static String base64(String text) {
        if (text.length() % 4 == 1) {
            throw new IllegalArgumentException("a hash by Argon2id that is cut off " + EXPECTED);
        }
        return text;
    }

    private static int bounds(String what, String value, int least, int most) {
        int number = Integer.parseInt(value);
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    what + ": " + number + " (expected: " + least + " to " + most + ", so that it can be checked)");
        }
        return number;
    }

    private static String kind(String text) {
        if (text.startsWith("$apr1$") || text.startsWith("$1$")) {
            return "a hash by MD5, which can be guessed too fast";
        }
        if (text.startsWith("{SHA}") || text.startsWith("{SSHA}")) {
            return "a hash by SHA-1, which can be guessed too fast";
        }
        if (text.startsWith("$5$") || text.startsWith("$6$")) {
            return "a hash by SHA-crypt, which is not supported";
        }
        if (text.startsWith("$argon2i$") || text.startsWith("$argon2d$")) {
            return "a hash by another Argon2 than Argon2id";
        }
        return text.startsWith("$") ? "a hash of another form" : "no hash; a password must not be written here";
    }

    /** Whether it is the hash of that password. */
    boolean matches(byte[] password) {
        return argon2 == null ? matchesBcrypt(password) : matches(argon2, password);
    }

    private boolean matchesBcrypt(byte[] password) {
        // Hashed also where it is too long: the time says nothing.
        boolean equal = OpenBSDBCrypt.checkPassword(text, password);
        return equal && password.length <= BCRYPT_BYTES;
    }

    private static boolean matches(Argon2 parameters, byte[] password) {
        byte[] expected = Base64.getDecoder().decode(parameters.hash());
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(parameters.memory())
                .withIterations(parameters.passes())
                .withParallelism(parameters.lanes())
                .withSalt(Base64.getDecoder().decode(parameters.salt()))
                .build());
        byte[] hash = new byte[expected.length];
        generator.generateBytes(password, hash);
        return Arrays.constantTimeAreEqual(expected, hash);
    }

    /** Whether guessing is cheaper than it should be. */
    boolean isWeak() {
        return argon2 == null && Integer.parseInt(text.substring(4, 6)) < GOOD_COST;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PasswordHash that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Its parameters, without salt and hash. */
    @Override
    public String toString() {
        return text.substring(0, text.indexOf('$', argon2 == null ? 4 : 20)) + "$…";
    }
}
