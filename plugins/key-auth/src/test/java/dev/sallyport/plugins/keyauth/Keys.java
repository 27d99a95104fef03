package dev.sallyport.plugins.keyauth;

import dev.sallyport.api.Consumer;
import dev.sallyport.testkit.FakeContext;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Consumers with keys, and settings, for tests. */
final class Keys {

    static final Consumer MOBILE = new Consumer("mobile", List.of("partners"), Map.of("tier", "gold"));
    static final Consumer WEB = new Consumer("web");

    private Keys() {}

    /** Consumer mobile has the key {@code key-of-mobile}, web {@code key-of-web} and one that expires on 2026-03-01. */
    static FakeContext.Builder context() {
        return FakeContext.builder()
                .credential(MOBILE, new KeyCredential(KeyHash.of("key-of-mobile"), "k1", null))
                .credential(WEB, new KeyCredential(KeyHash.of("key-of-web"), null, null))
                .credential(WEB, new KeyCredential(KeyHash.of("expiring-key"), "k3", LocalDate.parse("2026-03-01")));
    }

    static KeyAuthConfig in(KeyLocation... in) {
        return new KeyAuthConfig(List.of(in), false, "x-consumer-name", null);
    }

    static KeyAuthConfig inHeader() {
        return in(new KeyLocation.Header("x-api-key"));
    }
}
