package dev.lair.server.account;

import dev.lair.registry.PackagePattern;
import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.storage.registry.SessionRows;
import dev.lair.storage.registry.TokenRows;
import dev.lair.transparency.Digest;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/**
 * Finds out who is asking: {@code Authorization: Bearer lair_…}, or {@code Basic} with the token as password, for clients that
 * know nothing else; without that header, the cookie of a browser ({@link SessionCookie}). Who sends no credential is anonymous;
 * who sends a header that is not good is refused, and never anonymous: a client whose token is over must be told so. A cookie
 * that is over is none: its browser did not choose to send it, and has to reach the page where people log in.
 */
@Service
public final class CallerResolver {

    private static final String HEADER = "Authorization";

    private final RegistryStore store;
    private final ObjectProvider<TrustedTokens> trusted;
    private final SessionCookie cookie;
    private final Clock clock;

    CallerResolver(RegistryStore store, ObjectProvider<TrustedTokens> trusted, SessionCookie cookie, Clock clock) {
        this.store = store;
        this.trusted = trusted;
        this.cookie = cookie;
        this.clock = clock;
    }

    /** The caller of a request; a problem {@code unauthorized} when its credential is not good. */
    public Caller resolve(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HEADER));
        if (headers.isEmpty()) {
            return byCookie(request).<Caller>map(ByCookie::person).orElse(Caller.ANONYMOUS);
        }
        if (headers.size() > 1) {
            throw refused("the request has several Authorization headers");
        }
        return resolve(token(headers.getFirst())
                .orElseThrow(() -> refused("the Authorization header has no token of this registry; `Bearer lair_…`, or"
                        + " `Basic` with the token as password")));
    }

    /**
     * Somebody whose browser said who they are.
     *
     * @param secret of the session, from the cookie
     */
    public record ByCookie(Caller.Person person, TokenText secret) {}

    /** Who the cookie says is asking, when the request has no other credential; only sessions live in cookies. */
    public Optional<ByCookie> byCookie(HttpServletRequest request) {
        if (request.getHeader(HEADER) != null) {
            return Optional.empty();
        }
        return cookie.read(request)
                .flatMap(secret -> session(secret.digest()).map(person -> new ByCookie(person, secret)));
    }

    /** The caller behind a token. */
    public Caller resolve(TokenText token) {
        Optional<? extends Caller> found =
                switch (token.kind()) {
                    case PAT -> person(token.digest());
                    case TP -> Optional.ofNullable(trusted.getIfAvailable()).flatMap(known -> known.find(token));
                    case DEV -> Optional.empty();
                };
        if (found.isEmpty()) {
            throw refused("the token is unknown, expired or revoked");
        }
        return found.get();
    }

    private static Optional<TokenText> token(String header) {
        int blank = header.indexOf(' ');
        String scheme = blank < 0 ? "" : header.substring(0, blank).toLowerCase(Locale.ROOT);
        String rest = header.substring(blank + 1).strip();
        return switch (scheme) {
            case "bearer" -> TokenText.parse(rest);
            case "basic" -> basic(rest).flatMap(TokenText::parse);
            default -> Optional.empty();
        };
    }

    private static Optional<String> basic(String base64) {
        try {
            String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Caller.Person> session(Digest hash) {
        Instant now = clock.instant();
        return store.read(
                rows -> alive(rows, hash, now).flatMap(session -> of(rows, session.accountId(), means(session))));
    }

    private static Optional<SessionRows.Session> alive(RegistryRows rows, Digest hash, Instant now) {
        return rows.sessions().find(hash).filter(found -> now.isBefore(found.expiresAt()));
    }

    private static Caller.Session means(SessionRows.Session session) {
        return new Caller.Session(session.hash(), session.expiresAt(), session.steppedUpUntil());
    }

    private Optional<Caller.Person> person(Digest hash) {
        Instant now = clock.instant();
        Optional<Caller.Person> person = store.read(rows -> {
            Optional<SessionRows.Session> session = alive(rows, hash, now);
            if (session.isPresent()) {
                return of(rows, session.get().accountId(), means(session.get()));
            }
            return rows.tokens()
                    .byHash(hash)
                    .filter(found -> found.revokedAt().isEmpty() && now.isBefore(found.expiresAt()))
                    .flatMap(found -> of(rows, found.accountId(), means(found)));
        });
        if (person.isPresent() && person.get().means() instanceof Caller.ApiToken token) {
            noteUse(token.id(), now);
        }
        return person;
    }

    private static Optional<Caller.Person> of(RegistryRows rows, String accountId, Caller.Means means) {
        return rows.accounts()
                .find(accountId)
                .filter(account -> account.state() == State.ACTIVE)
                .map(account -> person(account, means));
    }

    private static Caller.Person person(Account account, Caller.Means means) {
        return new Caller.Person(account.id(), account.login(), account.administrator(), means);
    }

    private static Caller.ApiToken means(TokenRows.Token token) {
        return new Caller.ApiToken(
                token.id(),
                token.scopes().stream()
                        .map(Scope::of)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toUnmodifiableSet()),
                token.packages().stream().map(PackagePattern::parse).toList(),
                token.expiresAt());
    }

    /** To the hour, so that a token that is always in use costs one write an hour. */
    private void noteUse(String tokenId, Instant now) {
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        boolean known = store.read(rows -> rows.tokens()
                .find(tokenId)
                .flatMap(TokenRows.Token::lastUsedAt)
                .filter(last -> !last.isBefore(hour))
                .isPresent());
        if (!known) {
            store.write(rows -> {
                rows.tokens().used(tokenId, hour);
                return tokenId;
            });
        }
    }

    /** A refusal that says how to do better, and no word of what was sent. */
    public static ProblemException refused(String why) {
        return new ProblemException(
                Problem.Kind.UNAUTHORIZED, why, Map.of("WWW-Authenticate", "Bearer realm=\"lair\", charset=\"UTF-8\""));
    }
}
