package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.Consumer;
import dev.sallyport.testkit.FakeContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/** Users and what they send, for tests; their hashes are cheap. */
final class Logins {

    static final Consumer ANNA = new Consumer("anna", List.of("staff"), Map.of());
    static final Consumer BACKUP = new Consumer("backup");

    private Logins() {}

    /** Consumer anna is user anna with password {@code right}, backup is user job with {@code pässword:1}. */
    static FakeContext.Builder context() {
        return FakeContext.builder()
                .credential(ANNA, new BasicCredential(null, bcrypt("right"), null))
                .credential(BACKUP, new BasicCredential("job", bcrypt("pässword:1"), null));
    }

    static PasswordHash bcrypt(String password) {
        return PasswordHash.parse(bcryptText(password, 4));
    }

    static String bcryptText(String password, int cost) {
        byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        return OpenBSDBCrypt.generate("2y", password.getBytes(StandardCharsets.UTF_8), salt, cost);
    }

    static BasicAuthConfig config() {
        return config(null, null);
    }

    static BasicAuthConfig config(@Nullable Path htpasswd, @Nullable String anonymous) {
        return new BasicAuthConfig(htpasswd, "api", Duration.ofMinutes(1), false, "x-consumer-name", anonymous);
    }

    static String header(String user, String password) {
        return encoded((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    static String encoded(byte[] credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }
}
