package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PasswordHashTest {

    /** Vectors of Openwall's crypt_blowfish, wrapper.c; the forms $2y$ and $2b$ are the same for them. */
    @ParameterizedTest
    @CsvSource({
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW,U*U",
        "$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK,U*U*",
        "$2b$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a,U*U*U",
    })
    void knowsTheVectorsOfBcrypt(String hash, String password) {
        assertThat(fits(hash, password)).isTrue();
        assertThat(fits(hash, password + "*")).isFalse();
        assertThat(fits(hash, "")).isFalse();
    }

    /** Vectors of the reference implementation of Argon2, test.c, version 0x13. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4 password",
                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc password",
            })
    void knowsTheVectorsOfArgon2(String hash, String password) {
        assertThat(fits(hash, password)).isTrue();
        assertThat(fits(hash, password + "x")).isFalse();
    }

    @Test
    void refusesWhatBcryptWouldNotLookAt() {
        String longest = "p".repeat(PasswordHash.BCRYPT_BYTES);

        assertThat(fits(Logins.bcryptText(longest, 4), longest)).isTrue();
        assertThat(fits(Logins.bcryptText(longest, 4), longest + "x")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "$apr1$lZL6V/ci$eIMz/iKDkbtys/uU7LEK00 MD5",
                "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g= SHA-1",
                "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1"
                        + " SHA-crypt",
                "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8 Argon2id",
                "rqXexS6ZhobKA plain-or-crypt",
                "a-password-by-mistake plain-or-crypt",
            })
    void refusesOtherFormsWithASentenceThatDoesNotRepeatThem(String text, String kind) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(text))
                .withMessageContaining("(expected: a hash by bcrypt")
                .withMessageContaining(kind.equals("plain-or-crypt") ? "no hash" : kind)
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain(text.substring(8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "$2y$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW bcrypt",
                "$2y$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW bcrypt",
                "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4 m",
                "$argon2id$v=19$m=256,t=200,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4 t",
                "$argon2id$v=19$m=256,t=2,p=99$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4 p",
            })
    void refusesWhatWouldTakeForever(String text, String what) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(text))
                .withMessageContaining(what)
                .withMessageContaining("so that it can be checked");
    }

    @Test
    void showsNeitherSaltNorHash() {
        assertThat(PasswordHash.parse(Logins.bcryptText("x", 4))).hasToString("$2y$04$…");
        assertThat(PasswordHash.parse(
                        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"))
                .hasToString("$argon2id$v=19$m=256,t=2,p=1$…");
    }

    @Test
    void isWeakWhereItIsFastToGuess() {
        assertThat(PasswordHash.parse(Logins.bcryptText("x", 5)).isWeak()).isTrue();
        assertThat(PasswordHash.parse(Logins.bcryptText("x", 10)).isWeak()).isFalse();
    }

    private static boolean fits(String hash, String password) {
        return PasswordHash.parse(hash).matches(password.getBytes(StandardCharsets.UTF_8));
    }
}
