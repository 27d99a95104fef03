package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.Consumer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** All users that there are at one time. Immutable. */
final class Users {

    /**
     * One of them.
     *
     * @param name as it is sent
     * @param consumer who it is
     */
    record User(String name, Consumer consumer, PasswordHash hash) {}

    private final Map<String, User> byName;
    private final List<User> all;
    private final int salt;

    /** @param salt a random number that nobody outside knows */
    Users(Map<String, User> byName, int salt) {
        this.byName = new LinkedHashMap<>(byName);
        this.all = new ArrayList<>(byName.values());
        this.salt = salt;
    }

    /** The user of that name; null where there is none. */
    @Nullable
    User find(String name) {
        return byName.get(name);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * A hash to check the password of a user who is not there against, so that it takes as long as for one who is: always
     * the same for one name, and of all names as many have an expensive one as of those that are there.
     */
    PasswordHash decoy(String name) {
        CRC32 crc = new CRC32();
        crc.update(salt);
        crc.update(salt >>> 8);
        crc.update(salt >>> 16);
        crc.update(salt >>> 24);
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return all.get((int) (crc.getValue() % all.size())).hash();
    }
}
