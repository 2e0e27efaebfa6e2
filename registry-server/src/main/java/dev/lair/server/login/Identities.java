package dev.lair.server.login;

import dev.lair.registry.api.Problem;
import dev.lair.server.account.Requester;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows.Identity;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** By which identities an account logs in, and giving one up that is not the last way in. */
@Service
public final class Identities {

    private static final int ID_HEX = 20;

    private final RegistryStore store;
    private final LoginProviders providers;
    private final Clock clock;

    Identities(RegistryStore store, LoginProviders providers, Clock clock) {
        this.store = store;
        this.providers = providers;
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /**
     * An identity.
     *
     * @param id by which it is given up
     * @param provider that logs it in; empty when none of its issuer is configured
     */
    public record Known(String id, Optional<String> provider, Identity identity) {}

    /**
     * All of an account.
     *
     * @param password whether it has one too
     */
    public record All(List<Known> identities, boolean password) {

        public All {
            identities = List.copyOf(identities);
        }
    }

    /** Those of the account that asks. */
    public All list(Requester requester) {
        String account = requester.person().accountId();
        return store.read(rows -> all(rows, account));
    }

    private All all(RegistryRows rows, String account) {
        return new All(
                rows.accounts().identitiesOf(account).stream().map(this::known).toList(),
                rows.accounts().password(account).isPresent());
    }

    private Known known(Identity identity) {
        byte[] both = (identity.issuer() + "\n" + identity.subject()).getBytes(StandardCharsets.UTF_8);
        return new Known(
                "idn_" + Digest.of(both).hex().substring(0, ID_HEX),
                providers.ofIssuer(identity.issuer()).map(Provider::name),
                identity);
    }

    /** Gives one up. One by which nobody can log in here any more is no way in, and counts for none. */
    public void remove(Requester requester, String id) {
        String account = requester.person().accountId();
        Instant now = clock.instant();
        store.write(rows -> {
            All all = all(rows, account);
            Known removed = all.identities().stream()
                    .filter(known -> known.id().equals(id))
                    .findFirst()
                    .orElseThrow(() ->
                            new ProblemException(Problem.Kind.NOT_FOUND, "the account has no identity of this id"));
            boolean another = all.password()
                    || all.identities().stream()
                            .anyMatch(known ->
                                    !known.id().equals(id) && known.provider().isPresent());
            if (!another) {
                throw new ProblemException(
                        Problem.Kind.CONFLICT, "this is the last way in to the account; link another provider before");
            }
            Identity identity = removed.identity();
            rows.accounts().unlink(account, identity.issuer(), identity.subject());
            rows.audit()
                    .add(requester.act(
                            now,
                            "identity-unlinked",
                            "",
                            requester.person().login(),
                            Map.of("issuer", identity.issuer())));
            return id;
        });
    }
}
