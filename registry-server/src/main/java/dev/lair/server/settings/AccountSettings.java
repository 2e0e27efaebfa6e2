package dev.lair.server.settings;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who logs in, and how.
 *
 * @param administratorPasswordFile one line: the password of the account {@code administrator}, at each start. Without it
 *     one is made at the first start
 * @param signup whether who logs in by a provider for the first time gets an account
 * @param providers by which people log in, besides passwords
 */
public record AccountSettings(
        @Nullable Path administratorPasswordFile,
        @Nullable SignupPolicy signup,
        @DefaultValue List<LoginProvider> providers) {

    public AccountSettings {
        providers = List.copyOf(providers);
        require(
                providers.stream().map(LoginProvider::name).distinct().count() == providers.size(),
                "lair.accounts.providers has two of one name");
        require(
                providers.stream().map(LoginProvider::url).distinct().count() == providers.size(),
                "lair.accounts.providers names an issuer twice: who logs in would be the same by both");
    }

    /** Who gets an account by logging in. */
    public enum SignupPolicy {
        /** Everybody whom a provider knows. */
        OPEN,
        /** Nobody: administrators make accounts, and their owners link a provider. */
        CLOSED
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
