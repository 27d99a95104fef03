package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.Consumer;
import dev.sallyport.api.Credential;
import dev.sallyport.api.FilterContext;
import dev.sallyport.api.Identification;
import dev.sallyport.api.config.ConfigException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The users of the configuration and of the htpasswd file, which is read again when it has changed and settled. A file that
 * cannot be read, or has a mistake, changes nothing; the log says so. Thread-safe.
 */
final class UserDirectory {

    private static final long LOOK_MILLIS = 500;

    private final FilterContext context;
    private final Identification identification;
    private final @Nullable Path file;
    private final int salt = new SecureRandom().nextInt();
    private final Map<String, Users.User> configured = new LinkedHashMap<>();
    private volatile Users users;

    /** What a file looks like from outside; absent is a state too. */
    private record Look(long modified, long size, @Nullable Object key) {

        static @Nullable Look at(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Look(
                        attributes.lastModifiedTime().toMillis(),
                        attributes.size(),
                        String.valueOf(attributes.fileKey()));
            } catch (IOException absent) {
                return null;
            }
        }
    }

    /** @throws ConfigException where users are not told apart, or the file cannot be used */
    UserDirectory(FilterContext context, Identification identification, @Nullable Path file) {
        this.context = context;
        this.identification = identification;
        this.file = file;
        for (Credential<BasicCredential> credential : context.credentials(BasicCredential.class)) {
            configured(credential);
        }
        Look first = file == null ? null : Look.at(file);
        users = read();
        if (file != null) {
            watch(file, first);
        }
    }

    /** Those that there are now. */
    Users users() {
        return users;
    }

    private void configured(Credential<BasicCredential> credential) {
        Consumer consumer = credential.consumer();
        String name = credential.value().user() == null
                ? consumer.name()
                : credential.value().user();
        if (name.isEmpty() || name.contains(":")) {
            throw new ConfigException(
                    "",
                    "user '" + name + "' of consumer " + consumer.name()
                            + " (expected: a name without colon, since one ends it on the wire)");
        }
        identification.check(consumer);
        Users.User other = configured.put(
                name, new Users.User(name, consumer, credential.value().hash()));
        if (other != null) {
            throw new ConfigException(
                    "",
                    "user " + name + " of consumer " + consumer.name()
                            + " (expected: not also a user of "
                            + other.consumer().name()
                            + "); give it another name under user");
        }
    }

    private Users read() {
        Map<String, Users.User> all = new LinkedHashMap<>(configured);
        if (file != null) {
            Map<String, PasswordHash> hashes;
            try {
                hashes = Htpasswd.read(file);
            } catch (Htpasswd.UnreadableException e) {
                throw new ConfigException("htpasswd", String.valueOf(e.getMessage()));
            }
            hashes.forEach((name, hash) -> {
                Consumer known = context.consumer(name);
                Consumer consumer = known == null ? new Consumer(name) : known;
                identification.check(consumer);
                if (all.put(name, new Users.User(name, consumer, hash)) != null) {
                    throw new ConfigException(
                            "htpasswd",
                            file.getFileName() + ": user " + name
                                    + " (expected: not also a user of the configuration)");
                }
            });
        }
        long weak = all.values().stream().filter(user -> user.hash().isWeak()).count();
        if (weak > 0) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0}: {1} users have a bcrypt hash of a cost below 10, which is fast to guess; htpasswd -C"
                                    + " 12 makes better ones",
                            context.key(),
                            weak);
        }
        return new Users(all, salt);
    }

    private void watch(Path watched, @Nullable Look first) {
        var _ = context.scheduler()
                .scheduleWithFixedDelay(new Watch(watched, first), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Looks whether the file has changed since it was read, and stands still. */
    private final class Watch implements Runnable {

        private final Path watched;
        private @Nullable Look read;
        private @Nullable Look last;

        Watch(Path watched, @Nullable Look first) {
            this.watched = watched;
            this.read = first;
            this.last = first;
        }

        @Override
        public void run() {
            Look now = Look.at(watched);
            boolean settled = Objects.equals(now, last);
            last = now;
            if (settled && !Objects.equals(now, read)) {
                read = now;
                readAgain();
            }
        }
    }

    private void readAgain() {
        try {
            users = read();
            context.logger().log(Level.INFO, "{0}: {1} was read again", context.key(), String.valueOf(file));
        } catch (ConfigException e) {
            context.logger().log(Level.WARNING, "{0}: what was read before serves on: {1}", context.key(), e.reason());
        }
    }
}
