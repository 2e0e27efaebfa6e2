package dev.lair.server.login;

import dev.lair.registry.api.Problem;
import dev.lair.server.account.Accounts;
import dev.lair.server.account.Caller;
import dev.lair.server.account.RandomIds;
import dev.lair.server.account.Requester;
import dev.lair.server.account.Sessions;
import dev.lair.server.login.LoginFailed.Code;
import dev.lair.server.problem.ProblemException;
import dev.lair.server.settings.AccountSettings.SignupPolicy;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.PublicUrl;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AccountRows.Identity;
import dev.lair.storage.registry.AccountRows.State;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.ProviderLoginRows.Intent;
import dev.lair.storage.registry.ProviderLoginRows.ProviderLogin;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Logins through providers: the authorization code flow with PKCE (RFC 6749, RFC 7636), bound to the browser that began it.
 *
 * <ol>
 *   <li>{@link #begin} keeps a row for ten minutes and sends the browser to the provider, with a cookie that only it has.
 *   <li>The browser comes back with {@code state} and a code. {@link #finish} takes the row away before anything else: an answer
 *       is used once. A crash behind this leaves nothing; the person begins again.
 *   <li>The code is redeemed, and what it gives is verified.
 *   <li>One transaction finds or makes the account, begins the session and writes the audit row.
 * </ol>
 */
@Service
final class ProviderLogins {

    static final Duration LIFE = Duration.ofMinutes(10);

    /** Clocks differ: so long before its begin a step-up may have been answered. */
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    private static final int SECRET_BYTES = 32;
    private static final int SECRET_CHARACTERS = 43;
    private static final int MAX_CODE = 4096;

    private final LoginProviders providers;
    private final ProviderCalls calls;
    private final IdTokens idTokens;
    private final Accounts accounts;
    private final Sessions sessions;
    private final RegistryStore store;
    private final RandomIds ids;
    private final SecureRandom random;
    private final Clock clock;
    private final PublicUrl publicUrl;
    private final SignupPolicy signup;

    ProviderLogins(
            LoginProviders providers,
            ProviderCalls calls,
            IdTokens idTokens,
            Accounts accounts,
            Sessions sessions,
            RegistryStore store,
            RandomIds ids,
            SecureRandom random,
            Clock clock,
            PublicUrl publicUrl,
            LairSettings settings) {
        this.providers = providers;
        this.calls = calls;
        this.idTokens = idTokens;
        this.accounts = accounts;
        this.sessions = sessions;
        this.store = store;
        this.ids = ids;
        this.random = random;
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
        this.publicUrl = publicUrl;
        this.signup = settings.signup();
    }

    /**
     * A login that was begun.
     *
     * @param location where the browser goes
     * @param browser what its cookie holds
     */
    record Begun(URI location, String browser) {

        @Override
        public String toString() {
            return "Begun[]";
        }
    }

    /**
     * A login that came to its end.
     *
     * @param next own path to go to
     * @param session that was begun; none when an identity was linked
     */
    record Finished(String next, Optional<Sessions.Begun> session) {}

    /**
     * What the browser came back with.
     *
     * @param browser what its cookie holds
     * @param issuer who says that it answers (RFC 9207)
     */
    record Answer(
            @Nullable String state,
            @Nullable String browser,
            @Nullable String code,
            @Nullable String issuer,
            @Nullable String error) {

        @Override
        public String toString() {
            return "Answer[]";
        }
    }

    /** Begins a login; of a step-up or a link {@code caller} is who asks for it. */
    Begun begin(String name, Intent intent, Optional<Caller.Person> caller, String next) {
        Provider provider = providers.named(name);
        // Asked first: who cannot be reached is told so here, and not behind a button of somebody else's.
        Endpoints endpoints = calls.endpoints(provider);
        Instant now = clock.instant();
        String state = secret();
        String browser = secret();
        String nonce = secret();
        String verifier = secret();
        store.write(rows -> {
            rows.providerLogins().removeExpired(now);
            rows.providerLogins()
                    .add(new ProviderLogin(
                            digest(state),
                            digest(browser),
                            name,
                            nonce,
                            verifier,
                            next,
                            intent,
                            caller.map(Caller.Person::accountId).orElse(""),
                            now,
                            now.plus(LIFE)));
            return name;
        });
        return new Begun(location(provider, endpoints, intent, state, nonce, verifier), browser);
    }

    private URI location(
            Provider provider, Endpoints endpoints, Intent intent, String state, String nonce, String verifier) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", provider.settings().clientId());
        query.put("redirect_uri", redirect(provider));
        String scopes = provider.settings().scopes();
        if (scopes != null) {
            query.put("scope", scopes);
        } else if (!provider.isGithub()) {
            query.put("scope", "openid profile");
        }
        query.put("state", state);
        query.put("code_challenge", base64(digest(verifier).bytes()));
        query.put("code_challenge_method", "S256");
        if (!provider.isGithub()) {
            query.put("nonce", nonce);
            if (intent == Intent.STEP_UP) {
                query.put("prompt", "login");
                query.put("max_age", "0");
            }
        }
        String at = endpoints.authorization().toString();
        return URI.create(at + (at.indexOf('?') < 0 ? "?" : "&") + ProviderCalls.form(query));
    }

    private String redirect(Provider provider) {
        return publicUrl.of("login/with/" + provider.name() + "/callback");
    }

    /**
     * Ends a login.
     *
     * @throws LoginFailed when it came to nothing; a problem {@code provider-unavailable} when the provider does not answer
     */
    Finished finish(String name, Answer answer, Requester requester) throws LoginFailed {
        Provider provider = providers.named(name);
        ProviderLogin begun = take(name, answer);
        Endpoints endpoints = calls.endpoints(provider);
        requireIssuer(provider, endpoints, answer.issuer());
        String code = answer.code();
        if (answer.error() != null || code == null) {
            throw new LoginFailed(
                    "access_denied".equals(answer.error()) ? Code.DENIED : Code.NOT_VERIFIED,
                    "the provider answered without a code");
        }
        if (code.isEmpty() || code.length() > MAX_CODE || code.chars().anyMatch(sign -> sign < ' ' || sign > '~')) {
            throw new LoginFailed(Code.NOT_VERIFIED, "the provider's code is not 1 to " + MAX_CODE + " characters");
        }
        Who who = who(provider, endpoints, begun, code);
        if (begun.intent() == Intent.STEP_UP) {
            requireFresh(provider, who, begun);
        }
        return begun.intent() == Intent.LINK ? link(begun, who, requester) : logIn(provider, begun, who, requester);
    }

    private ProviderLogin take(String name, Answer answer) throws LoginFailed {
        String state = answer.state();
        String browser = answer.browser();
        if (state == null
                || browser == null
                || state.length() != SECRET_CHARACTERS
                || browser.length() != SECRET_CHARACTERS) {
            throw new LoginFailed(Code.BEGIN_AGAIN, "the answer has no state, or the browser has no cookie");
        }
        Instant now = clock.instant();
        return store.write(rows -> rows.providerLogins().take(digest(state), digest(browser), name, now))
                .orElseThrow(() -> new LoginFailed(
                        Code.BEGIN_AGAIN, "nobody waits for this answer, or another browser or provider began it"));
    }

    /** An answer of one provider must not be taken for another's (RFC 9207, section 2.4). */
    private static void requireIssuer(Provider provider, Endpoints endpoints, @Nullable String issuer)
            throws LoginFailed {
        String url = provider.issuer().url();
        boolean right = issuer == null
                ? !endpoints.saysIssuer()
                : issuer.equals(url) || (provider.isGithub() && issuer.equals(url + "/login/oauth"));
        if (!right) {
            throw new LoginFailed(Code.NOT_VERIFIED, "the answer's iss is not the provider that was asked");
        }
    }

    private Who who(Provider provider, Endpoints endpoints, ProviderLogin begun, String code) throws LoginFailed {
        ObjectNode tokens = calls.redeem(provider, endpoints, code, begun.verifier(), redirect(provider));
        if (!provider.isGithub()) {
            return idTokens.verify(provider, ProviderCalls.text(tokens, "id_token"), begun.nonce());
        }
        // The token is used once, here, and kept nowhere.
        ObjectNode user = calls.githubUser(provider, ProviderCalls.text(tokens, "access_token"));
        JsonNode id = user.get("id");
        if (id == null || !id.isIntegralNumber() || !id.canConvertToLong() || id.longValue() <= 0) {
            throw new LoginFailed(Code.NOT_VERIFIED, "the provider's user has no number");
        }
        String login = ProviderCalls.text(user, "login");
        return new Who(
                provider.issuer().url(), Long.toString(id.longValue()), IdTokens.shown(login), login, Optional.empty());
    }

    /** GitHub neither asks anew nor tells when it asked: a step-up there is as good as a login. */
    private static void requireFresh(Provider provider, Who who, ProviderLogin begun) throws LoginFailed {
        boolean fresh = who.authenticatedAt()
                .filter(at -> !at.isBefore(begun.createdAt().minus(LEEWAY)))
                .isPresent();
        if (!fresh && !provider.isGithub()) {
            throw new LoginFailed(Code.NOT_STEPPED_UP, "the provider did not ask who it is anew (auth_time)");
        }
    }

    /** What the transaction decided: a session, or why there is none. */
    private sealed interface Outcome {
        record LoggedIn(Sessions.Begun session) implements Outcome {}

        record Refused(Code code, String why) implements Outcome {}
    }

    private Finished logIn(Provider provider, ProviderLogin begun, Who who, Requester requester) throws LoginFailed {
        var secret = sessions.newSecret();
        String fresh = ids.next("acc");
        String wanted = Accounts.loginNear(who.wanted());
        Instant now = clock.instant();
        Outcome outcome = store.write(rows -> {
            Optional<Account> known = rows.accounts().byIdentity(who.issuer(), who.subject());
            if (known.isEmpty() && (signup == SignupPolicy.CLOSED || begun.intent() == Intent.STEP_UP)) {
                return new Outcome.Refused(Code.NO_ACCOUNT, "no account has this identity");
            }
            Account account = accounts.ofIdentity(
                    rows, fresh, who.issuer(), who.subject(), who.shown(), wanted, requester.requestId());
            if (account.state() != State.ACTIVE) {
                act(rows, now, account, "login-refused", Map.of("provider", provider.name()), requester);
                return new Outcome.Refused(Code.FROZEN, "the account is frozen");
            }
            if (begun.intent() == Intent.STEP_UP && !account.id().equals(begun.accountId())) {
                return new Outcome.Refused(Code.NOT_STEPPED_UP, "another account answered");
            }
            act(
                    rows,
                    now,
                    account,
                    begun.intent() == Intent.STEP_UP ? "stepped-up" : "login",
                    Map.of("provider", provider.name()),
                    requester);
            return new Outcome.LoggedIn(
                    sessions.beginInBrowser(rows, secret, account, now.plus(Sessions.STEPPED_UP), now));
        });
        return switch (outcome) {
            case Outcome.LoggedIn in -> new Finished(begun.next(), Optional.of(in.session()));
            case Outcome.Refused refused -> throw new LoginFailed(refused.code(), refused.why());
        };
    }

    private Finished link(ProviderLogin begun, Who who, Requester requester) throws LoginFailed {
        Instant now = clock.instant();
        Optional<Code> refused = store.write(rows -> {
            Optional<Account> account =
                    rows.accounts().find(begun.accountId()).filter(found -> found.state() == State.ACTIVE);
            if (account.isEmpty()) {
                return Optional.of(Code.FROZEN);
            }
            String id = account.get().id();
            if (rows.accounts().link(new Identity(who.issuer(), who.subject(), id, who.shown(), now))) {
                act(rows, now, account.get(), "identity-linked", Map.of("issuer", who.issuer()), requester);
                return Optional.empty();
            }
            boolean own = rows.accounts()
                    .byIdentity(who.issuer(), who.subject())
                    .filter(found -> found.id().equals(id))
                    .isPresent();
            return own ? Optional.empty() : Optional.of(Code.LINKED_ELSEWHERE);
        });
        if (refused.isPresent()) {
            throw new LoginFailed(refused.get(), "the identity cannot be linked");
        }
        return new Finished(begun.next(), Optional.empty());
    }

    private static void act(
            RegistryRows rows, Instant now, Account account, String act, Map<String, ?> detail, Requester requester) {
        AuditRows.Act told = Requester.ownAct(now, act, "", account.login(), detail);
        rows.audit()
                .add(new AuditRows.Act(
                        now, account.id(), act, "", account.login(), told.detail(), requester.requestId()));
    }

    /** 256 bits, so that nobody guesses one within its ten minutes. */
    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Digest digest(String secret) {
        return Digest.of(secret.getBytes(StandardCharsets.US_ASCII));
    }

    /** A session of the person who asks, for what needs one: no API token links identities. */
    static Caller.Person requireSession(Caller caller) {
        if (caller instanceof Caller.Person person && person.means() instanceof Caller.Session) {
            return person;
        }
        throw new ProblemException(Problem.Kind.FORBIDDEN, "this is for people who are logged in");
    }
}
