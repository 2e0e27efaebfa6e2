package dev.lair.server.account;

import dev.lair.registry.PackagePattern;
import dev.lair.transparency.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is asking, as the credential of the request says; read anew for each request. */
public sealed interface Caller {

    /** Who sent no credential. */
    Anonymous ANONYMOUS = new Anonymous();

    /** How the audit log calls them: account, token or publisher id. */
    String actor();

    /** Nobody that we know. */
    record Anonymous() implements Caller {
        @Override
        public String actor() {
            return "anonymous";
        }
    }

    /** Somebody with an account. */
    record Person(String accountId, String login, boolean administrator, Means means) implements Caller {
        @Override
        public String actor() {
            return switch (means) {
                case Session session -> accountId;
                case ApiToken token -> token.id();
            };
        }
    }

    /** What a person came with. */
    sealed interface Means {
        Instant expiresAt();
    }

    /**
     * A login.
     *
     * @param hash by which the session is found, to end it
     * @param steppedUpUntil until when sensitive acts are allowed
     */
    record Session(Digest hash, Instant expiresAt, Instant steppedUpUntil) implements Means {}

    /**
     * An API token.
     *
     * @param packages that it may change; none for all that its account may. Reading is not narrowed
     */
    record ApiToken(String id, Set<Scope> scopes, List<PackagePattern> packages, Instant expiresAt) implements Means {

        public ApiToken {
            scopes = Set.copyOf(scopes);
            packages = List.copyOf(packages);
        }
    }

    /**
     * A job of a trusted publisher, for minutes.
     *
     * @param issuer who vouched for the job
     * @param packages that it may release
     * @param action {@code publish}
     * @param contents the only contents that it may release; none for any
     * @param claims of the identity token, those that were looked at
     */
    record Trusted(
            String tokenId,
            String publisherId,
            String issuer,
            List<PackagePattern> packages,
            String action,
            List<Digest> contents,
            Map<String, String> claims,
            Instant expiresAt)
            implements Caller {

        public Trusted {
            packages = List.copyOf(packages);
            contents = List.copyOf(contents);
            claims = Map.copyOf(claims);
        }

        @Override
        public String actor() {
            return publisherId;
        }
    }
}
