package dev.lair.server.account;

import dev.lair.registry.MalformedNameException;
import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.TokenRows;
import dev.lair.storage.registry.TokenRows.Token;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Service;

/**
 * API tokens: what a script holds for its owner. A token never may more than its account may at that moment, and of that only
 * its scopes, in packages that its patterns cover. It lives 90 days at most; its text is told once and kept as a digest.
 */
@Service
public final class ApiTokens {

    static final int MAX_DAYS = 90;
    static final int MAX_LABEL = 100;
    static final int MAX_PATTERNS = 50;
    static final int MAX_TOKENS = 100;

    private final RegistryStore store;
    private final RandomIds ids;
    private final SecureRandom random;
    private final Clock clock;

    ApiTokens(RegistryStore store, RandomIds ids, SecureRandom random, Clock clock) {
        this.store = store;
        this.ids = ids;
        this.random = random;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /** A token that was made, and its text, which is nowhere else. */
    public record Created(Token token, TokenText text) {}

    /**
     * Makes a token.
     *
     * @param scopes labels of {@link Scope}
     * @param packages patterns; none for all that the account may touch
     * @param days that it lives
     */
    public Created create(Requester requester, String label, List<String> scopes, List<String> packages, int days) {
        Caller.Person person = requester.person();
        require(
                !label.isBlank() && label.length() <= MAX_LABEL && label.chars().noneMatch(Character::isISOControl),
                "a label has 1 to " + MAX_LABEL + " characters, none of them for control");
        require(days >= 1 && days <= MAX_DAYS, "`expiresInDays` is 1 to " + MAX_DAYS + ", not " + days);
        Set<String> wanted = scopes(scopes);
        Set<String> patterns = patterns(packages);
        Instant now = clock.instant();
        TokenText text = TokenText.generate(TokenText.Kind.PAT, random);
        Token token = new Token(
                ids.next("tok"),
                text.digest(),
                person.accountId(),
                label,
                List.copyOf(wanted),
                List.copyOf(patterns),
                now,
                now.plus(Duration.ofDays(days)),
                Optional.empty(),
                Optional.empty());
        store.write(rows -> {
            require(
                    alive(rows, person.accountId(), now).size() < MAX_TOKENS,
                    "an account has at most " + MAX_TOKENS + " tokens; revoke one that is not needed");
            rows.tokens().add(token);
            rows.audit()
                    .add(requester.act(
                            now,
                            "token-created",
                            "",
                            token.id(),
                            Map.of("scopes", token.scopes(), "packages", token.packages(), "days", days)));
            return token;
        });
        return new Created(token, text);
    }

    private static Set<String> scopes(List<String> labels) {
        require(!labels.isEmpty(), "`scopes` is empty: such a token could do nothing");
        Set<String> scopes = new LinkedHashSet<>();
        for (String label : labels) {
            require(
                    label != null && Scope.of(label).isPresent(),
                    "`scopes` has `" + label + "`, which is none; there are publish-new, publish-update, yank, owners,"
                            + " publishers, read");
            scopes.add(label);
        }
        return scopes;
    }

    private static Set<String> patterns(List<String> packages) {
        require(packages.size() <= MAX_PATTERNS, "`packages` has more than " + MAX_PATTERNS + " patterns");
        Set<String> patterns = new LinkedHashSet<>();
        for (String pattern : packages) {
            try {
                patterns.add(PackagePattern.parse(String.valueOf(pattern)).toString());
            } catch (MalformedNameException e) {
                throw new ProblemException(Problem.Kind.INVALID, "`packages`: " + e.getMessage());
            }
        }
        return patterns;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new ProblemException(Problem.Kind.INVALID, rule);
        }
    }

    /** Those of the account that can still be used, newest first. */
    public List<Token> list(Requester requester) {
        Instant now = clock.instant();
        return store.read(rows -> alive(rows, requester.person().accountId(), now));
    }

    private static List<Token> alive(RegistryRows rows, String accountId, Instant now) {
        return rows.tokens().ofAccount(accountId).stream()
                .filter(token -> now.isBefore(token.expiresAt()))
                .toList();
    }

    /** Revokes a token of the account that asks. */
    public void revoke(Requester requester, String id) {
        Caller.Person person = requester.person();
        Instant now = clock.instant();
        boolean revoked = store.write(rows -> {
            boolean own = rows.tokens()
                    .find(id)
                    .filter(token -> token.accountId().equals(person.accountId()))
                    .isPresent();
            if (!own || !rows.tokens().revoke(id, now)) {
                return false;
            }
            rows.audit().add(requester.act(now, "token-revoked", "", id, Map.of()));
            return true;
        });
        if (!revoked) {
            throw new ProblemException(Problem.Kind.NOT_FOUND, "the account has no token of this id that is alive");
        }
    }

    /**
     * Revokes every token that is for packages of a namespace, whoever's it is, inside the transaction that hands the namespace
     * on; answers their ids.
     */
    public static List<String> revokeBoundTo(RegistryRows rows, String namespace, Instant now) {
        TokenRows tokens = rows.tokens();
        List<String> bound = tokens.boundTo(namespace).stream().map(Token::id).toList();
        bound.forEach(id -> tokens.revoke(id, now));
        return bound;
    }
}
