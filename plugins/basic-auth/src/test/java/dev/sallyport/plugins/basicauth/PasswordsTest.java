package dev.sallyport.plugins.basicauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sallyport.api.Consumer;
import dev.sallyport.testkit.FakeContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PasswordsTest {

    private final FakeContext context = FakeContext.create();
    private final Passwords passwords = new Passwords(context, Duration.ofMinutes(1));
    private final Users users = users(Logins.bcrypt("right"));

    @AfterEach
    void closeContext() {
        context.close();
    }

    @Test
    void remembersARightPasswordForItsTime() throws Exception {
        assertThat(passwords.find(users, login("anna", "right"))).isNotNull();
        assertThat(passwords.remembered()).isEqualTo(1);

        context.clock().advance(Duration.ofSeconds(59));
        assertThat(passwords.find(users, login("anna", "right"))).isNotNull();
        assertThat(passwords.remembered()).isEqualTo(1);
    }

    @Test
    void remembersNoWrongPassword() throws Exception {
        assertThat(passwords.find(users, login("anna", "wrong"))).isNull();
        assertThat(passwords.find(users, login("nobody", "right"))).isNull();

        assertThat(passwords.remembered()).isZero();
    }

    @Test
    void forgetsAPasswordThatHasChanged() throws Exception {
        passwords.find(users, login("anna", "right"));

        assertThat(passwords.find(users(Logins.bcrypt("other")), login("anna", "right")))
                .isNull();
        assertThat(passwords.find(users(Logins.bcrypt("other")), login("anna", "other")))
                .isNotNull();
    }

    @Test
    void findsTheUserAsHeIsNow() throws Exception {
        passwords.find(users, login("anna", "right"));
        Consumer promoted = new Consumer("anna", List.of("admins"), Map.of());
        Users now = new Users(Map.of("anna", new Users.User("anna", promoted, Logins.bcrypt("right"))), 1);

        assertThat(passwords.find(now, login("anna", "right"))).isNotNull().returns(promoted, Users.User::consumer);
    }

    @Test
    void remembersNothingWhereAskedTo() throws Exception {
        Passwords forgetful = new Passwords(context, Duration.ZERO);

        assertThat(forgetful.find(users, login("anna", "right"))).isNotNull();
        assertThat(forgetful.remembered()).isZero();
    }

    @Test
    void doesNotTakeTheNameForAPartOfThePassword() throws Exception {
        Users colon = new Users(
                Map.of(
                        "a", new Users.User("a", Logins.ANNA, Logins.bcrypt("b:c")),
                        "ab", new Users.User("ab", Logins.ANNA, Logins.bcrypt("other"))),
                1);

        assertThat(passwords.find(colon, login("a", "b:c"))).isNotNull();
        assertThat(passwords.find(colon, login("ab", ":c"))).isNull();
    }

    @Test
    void refusesToHaveMoreWaitThanItMay() throws Exception {
        Users slow = users(PasswordHash.parse(Logins.bcryptText("right", 8)));
        int several = Passwords.MOST_WAITING + 200;

        List<String> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < several; i++) {
                Login.Given login = login("anna", "wrong " + i);
                all.add(threads.submit(() -> {
                    try {
                        return passwords.find(slow, login) == null ? "wrong" : "right";
                    } catch (Passwords.BusyException e) {
                        return "busy";
                    }
                }));
            }
            for (Future<String> each : all) {
                outcomes.add(each.get());
            }
        }

        assertThat(outcomes).containsOnly("wrong", "busy").contains("wrong");
        assertThat(passwords.find(slow, login("anna", "right"))).isNotNull();
    }

    @Test
    void manyThatAskForTheSameAtOnceAllGetIt() throws Exception {
        Users slow = users(PasswordHash.parse(Logins.bcryptText("right", 8)));

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                all.add(threads.submit(() -> passwords.find(slow, login("anna", "right")) != null));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get()).isTrue();
            }
        }
    }

    @Test
    void aDecoyIsOneOfTheHashesThatAreThereAndAlwaysTheSameForOneName() {
        Map<String, Users.User> both = new HashMap<>();
        both.put("cheap", new Users.User("cheap", Logins.ANNA, Logins.bcrypt("a")));
        both.put("dear", new Users.User("dear", Logins.ANNA, PasswordHash.parse(Logins.bcryptText("b", 6))));
        Users two = new Users(both, 42);

        assertThat(two.decoy("nobody")).isSameAs(two.decoy("nobody"));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 1_000; i++) {
            counts.merge(two.decoy("nobody " + i).toString(), 1, Integer::sum);
        }
        assertThat(counts).hasSize(2);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(350, 650));
    }

    @Test
    void aCheckThatWasGivenUpFailsOnlyWhoGaveItUp() throws Exception {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> passwords.find(users, login("anna", "right")));

        assertThat(passwords.find(users, login("anna", "right"))).isNotNull();
    }

    private static Users users(PasswordHash hash) {
        return new Users(Map.of("anna", new Users.User("anna", Logins.ANNA, hash)), 1);
    }

    private static Login.Given login(String user, String password) {
        return new Login.Given(user, password);
    }
}
