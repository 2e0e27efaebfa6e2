package dev.lair.server.account;

import dev.lair.registry.api.Problem;
import dev.lair.registry.api.TokenText;
import dev.lair.server.problem.ProblemException;
import dev.lair.storage.registry.AccountRows;
import dev.lair.storage.registry.AccountRows.Account;
import dev.lair.storage.registry.AuditRows;
import dev.lair.storage.registry.DeviceRows;
import dev.lair.storage.registry.DeviceRows.Device;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/**
 * Logins of machines without a browser, as RFC 8628 has them: the machine shows a code, its owner types it where they are
 * logged in, and the machine, which asks every two seconds, gets a session. The session allows what the one that approved it
 * allows, and sensitive acts for as long.
 */
@Service
public final class DeviceLogins {

    static final Duration LIFE = Duration.ofMinutes(10);
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /** Without vowels, so that no code is a word, and without what is read as a digit. */
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

    private static final int HALF = 4;

    private final RegistryStore store;
    private final Sessions sessions;
    private final RandomIds ids;
    private final SecureRandom random;
    private final Clock clock;

    DeviceLogins(RegistryStore store, Sessions sessions, RandomIds ids, SecureRandom random, Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.ids = ids;
        this.random = random;
        // As the tables keep it: what is answered at once is what is read later.
        this.clock = Clock.tick(clock, Duration.ofMillis(1));
    }

    /** A login that waits. */
    public record Begun(TokenText deviceCode, String userCode, Duration life, Duration interval) {}

    /** Begins a login. */
    public Begun begin() {
        Instant now = clock.instant();
        while (true) {
            TokenText deviceCode = TokenText.generate(TokenText.Kind.DEV, random);
            String userCode = ids.text(LETTERS, HALF) + "-" + ids.text(LETTERS, HALF);
            boolean added = store.write(rows -> {
                rows.devices().removeExpired(now);
                return rows.devices().add(deviceCode.digest(), userCode, now, now.plus(LIFE));
            });
            if (added) {
                return new Begun(deviceCode, userCode, LIFE, INTERVAL);
            }
        }
    }

    /** What a machine that asks is told. */
    private sealed interface Answer {
        record Refused(Problem.Kind kind, String detail) implements Answer {}

        record LoggedIn(Sessions.Begun session) implements Answer {}
    }

    /** The session, once it is approved; one caller gets it. Otherwise a problem that says whether to ask again. */
    public Sessions.Begun poll(String deviceCode, String requestId) {
        Digest hash = TokenText.parse(deviceCode)
                .filter(code -> code.kind() == TokenText.Kind.DEV)
                .map(TokenText::digest)
                .orElseThrow(DeviceLogins::over);
        Instant now = clock.instant();
        TokenText secret = sessions.newSecret();
        return switch (store.write(rows -> answer(rows, hash, secret, requestId, now))) {
            case Answer.Refused refused -> throw new ProblemException(refused.kind(), refused.detail());
            case Answer.LoggedIn in -> in.session();
        };
    }

    private static ProblemException over() {
        return new ProblemException(Problem.Kind.EXPIRED_CODE, "this device code is unknown, used or over");
    }

    private Answer answer(RegistryRows rows, Digest hash, TokenText secret, String requestId, Instant now) {
        Optional<Device> known = rows.devices().find(hash).filter(found -> now.isBefore(found.expiresAt()));
        if (known.isEmpty() || known.get().state() == DeviceRows.State.USED) {
            return new Answer.Refused(Problem.Kind.EXPIRED_CODE, "this device code is unknown, used or over");
        }
        Device device = known.get();
        boolean tooSoon = now.isBefore(device.polledAt().plus(INTERVAL));
        rows.devices().polled(hash, now);
        if (tooSoon) {
            return new Answer.Refused(
                    Problem.Kind.SLOW_DOWN, "questions come at least " + INTERVAL.toSeconds() + " seconds apart");
        }
        return switch (device.state()) {
            case WAITING -> new Answer.Refused(Problem.Kind.AUTHORIZATION_PENDING, "the code was not approved yet");
            case DENIED -> new Answer.Refused(Problem.Kind.ACCESS_DENIED, "its owner denied this login");
            case APPROVED, USED -> use(rows, device, secret, requestId, now);
        };
    }

    private Answer use(RegistryRows rows, Device device, TokenText secret, String requestId, Instant now) {
        // The account may have been frozen since it approved.
        Optional<Account> account = device.accountId()
                .flatMap(rows.accounts()::find)
                .filter(found -> found.state() == AccountRows.State.ACTIVE);
        if (account.isEmpty() || !rows.devices().use(device.hash())) {
            return new Answer.Refused(Problem.Kind.EXPIRED_CODE, "this device code is unknown, used or over");
        }
        Sessions.Begun begun = sessions.begin(rows, secret, account.get(), device.steppedUpUntil(), now);
        rows.audit()
                .add(new AuditRows.Act(
                        now,
                        account.get().id(),
                        "device-logged-in",
                        "",
                        account.get().login(),
                        "{}",
                        requestId));
        return new Answer.LoggedIn(begun);
    }

    /** A login that waits for its owner's word. */
    public record Waiting(String userCode, Instant createdAt, Instant expiresAt) {}

    /** The login that shows this code, as its owner typed it; a problem when none waits. */
    public Waiting find(String userCode) {
        Instant now = clock.instant();
        return store.read(rows -> rows.devices().byUserCode(normal(userCode)))
                .filter(found -> found.state() == DeviceRows.State.WAITING && now.isBefore(found.expiresAt()))
                .map(found -> new Waiting(found.userCode(), found.createdAt(), found.expiresAt()))
                .orElseThrow(DeviceLogins::noneWaits);
    }

    private static ProblemException noneWaits() {
        return new ProblemException(Problem.Kind.EXPIRED_CODE, "no login waits that shows this code");
    }

    /** Approves or denies the login that shows this code; {@code requester} has a session. */
    public void decide(Requester requester, String userCode, boolean deny) {
        Caller.Person person = requester.person();
        if (!(person.means() instanceof Caller.Session session)) {
            throw new ProblemException(Problem.Kind.FORBIDDEN, "a session approves devices, no API token does");
        }
        Instant now = clock.instant();
        String code = normal(userCode);
        DeviceRows.State decision = deny ? DeviceRows.State.DENIED : DeviceRows.State.APPROVED;
        boolean decided = store.write(rows -> {
            if (rows.sessions().find(session.hash()).isEmpty()) {
                throw CallerResolver.refused("the session has ended meanwhile");
            }
            boolean waited = rows.devices().decide(code, decision, person.accountId(), session.steppedUpUntil(), now);
            if (waited) {
                rows.audit()
                        .add(requester.act(
                                now, deny ? "device-denied" : "device-approved", "", person.accountId(), Map.of()));
            }
            return waited;
        });
        if (!decided) {
            throw noneWaits();
        }
    }

    /** People leave out the dash, and type small letters. */
    private static String normal(String typed) {
        String letters = typed.strip().replace("-", "").replace(" ", "").toUpperCase(Locale.ROOT);
        return letters.length() == 2 * HALF ? letters.substring(0, HALF) + "-" + letters.substring(HALF) : letters;
    }
}
