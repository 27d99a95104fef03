package dev.sallyport.plugins.basicauth;

import dev.sallyport.api.config.Doc;
import org.jspecify.annotations.Nullable;

/** One user of one consumer. */
public record BasicCredential(
        @Doc("The user's name; that of the consumer where it is not given.") @Nullable
        String user,

        @Doc("The password's hash by bcrypt ($2y$12$…) or Argon2id ($argon2id$v=19$…).")
        PasswordHash hash,

        @Doc("A name for the credential, by which it is removed.") @Nullable
        String id) {}
