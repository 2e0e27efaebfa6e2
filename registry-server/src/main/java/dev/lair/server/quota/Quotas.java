package dev.lair.server.quota;

import dev.lair.registry.PackageName;
import dev.lair.server.account.Caller;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.QuotaSettings;
import dev.lair.storage.registry.QuotaRows;
import dev.lair.storage.registry.QuotaRows.Daily;
import dev.lair.storage.registry.QuotaRows.Held;
import dev.lair.storage.registry.RegistryRows;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/**
 * Counts what is bounded, in the transaction that takes it: of many requests at once as many pass as there is room for. A
 * namespace that no account owns has no quotas: its operator knows who writes there.
 *
 * <p><b>Crashes.</b> What is about to be released is held and counted. {@link #settle} looks later whether it was: it is kept
 * or dropped then, whatever happened in between. So a refused release takes room for {@link #HELD}, and no longer.
 */
@Service
public final class Quotas {

    /** Longer than a release that a crash left is looked for, so that none is settled behind this. */
    private static final Duration HELD = Duration.ofMinutes(20);

    private static final int PAGE = 1000;

    private final RegistryStore store;
    private final Clock clock;
    private final QuotaSettings settings;
    private final Duration uploadDeadline;

    Quotas(RegistryStore store, Clock clock, LairSettings settings) {
        this.store = store;
        this.clock = clock;
        this.settings = settings.quotas();
        this.uploadDeadline = settings.publish().uploadDeadline();
    }

    // --- what somebody does in a day ---

    /** Refuses whoever has sent all that they may today, before they send more. */
    public void requireRoomToUpload(Caller caller) {
        Instant now = clock.instant();
        Quota used = uploads(store.read(rows -> rows.quotas().daily(who(caller), day(now))), caller, now, 1);
        if (used.isExceeded()) {
            throw used.exceeded(now);
        }
    }

    /**
     * Counts bytes that came. They are counted also when they were too many, or whoever sends nothing but too much would
     * never come to an end of it.
     */
    public void uploaded(Caller caller, long bytes) {
        if (settings.uploadsPerDay().toBytes() == 0) {
            return;
        }
        Instant now = clock.instant();
        Daily daily = store.write(rows -> rows.quotas().add(who(caller), day(now), new Daily(0, bytes)));
        Quota used = uploads(daily, caller, now, 0);
        if (used.isExceeded()) {
            throw used.exceeded(now);
        }
    }

    /** {@code RateLimit} and {@code RateLimit-Policy} of what the caller may do today; empty without limits. */
    public Map<String, String> headers(Caller caller) {
        Instant now = clock.instant();
        Daily daily = store.read(rows -> rows.quotas().daily(who(caller), day(now)));
        List<Quota> bounded = Stream.of(releases(daily, caller, now), uploads(daily, caller, now, 0))
                .filter(quota -> quota.limit() != 0)
                .toList();
        return bounded.isEmpty()
                ? Map.of()
                : Map.of(
                        "RateLimit-Policy",
                        String.join(", ", bounded.stream().map(Quota::policy).toList()),
                        "RateLimit",
                        String.join(
                                ", ",
                                bounded.stream().map(quota -> quota.left(now)).toList()));
    }

    private Quota releases(Daily daily, Caller caller, Instant now) {
        return new Quota(
                Quota.Kind.RELEASES_PER_DAY, who(caller), daily.releases(), settings.releasesPerDay(), midnight(now));
    }

    private Quota uploads(Daily daily, Caller caller, Instant now, long more) {
        return new Quota(
                Quota.Kind.UPLOADED_BYTES_PER_DAY,
                who(caller),
                daily.uploadedBytes() + more,
                settings.uploadsPerDay().toBytes(),
                midnight(now));
    }

    /** An account is one, whatever it came with. */
    private static String who(Caller caller) {
        return caller instanceof Caller.Person person ? person.accountId() : caller.actor();
    }

    private static long day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC).toEpochDay();
    }

    private static Instant midnight(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC)
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }

    // --- what lies in a namespace ---

    /**
     * A release.
     *
     * @param isNew whether it is the package's first
     * @param sizeBytes of the content
     */
    public record Asked(PackageName name, boolean isNew, Digest content, long sizeBytes) {}

    /** Counts a release of somebody who is known, as a part of the transaction that begins it. */
    public void release(RegistryRows rows, Caller caller, Asked asked) {
        Instant now = clock.instant();
        if (settings.releasesPerDay() != 0) {
            Quota used = releases(rows.quotas().add(who(caller), day(now), new Daily(1, 0)), caller, now);
            if (used.isExceeded()) {
                throw used.exceeded(now);
            }
        }
        Instant until = now.plus(HELD);
        if (asked.isNew()) {
            hold(rows, newPackage(asked.name()), until, now);
        }
        hold(rows, content(asked.name(), asked.content(), asked.sizeBytes()), until, now);
    }

    /** An author's own key is about to begin a package. */
    public void begin(PackageName name) {
        holdWhereOwned(newPackage(name));
    }

    /** Content came for a record that an author's own key signed. */
    public void uploaded(PackageName name, Digest content, long sizeBytes) {
        holdWhereOwned(content(name, content, sizeBytes));
    }

    private static Held newPackage(PackageName name) {
        return new Held(name.namespace().value(), name.toString(), QuotaRows.Kind.PACKAGE, 1);
    }

    private static Held content(PackageName name, Digest content, long sizeBytes) {
        return new Held(name.namespace().value(), content.toString(), QuotaRows.Kind.CONTENT, sizeBytes);
    }

    private void holdWhereOwned(Held held) {
        if (store.read(rows -> rows.namespaces().find(held.namespace())).isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        // Its record may wait for other contents as long as that.
        Instant until = now.plus(HELD).plus(uploadDeadline);
        store.write(rows -> {
            hold(rows, held, until, now);
            return held;
        });
    }

    private void hold(RegistryRows rows, Held held, Instant until, Instant now) {
        if (!rows.quotas().hold(held, until)) {
            return;
        }
        QuotaRows.Use use = rows.quotas().use(held.namespace());
        Quota quota =
                switch (held.kind()) {
                    case CONTENT -> stored(rows, held.namespace(), use);
                    case PACKAGE -> packages(rows, held.namespace(), use);
                };
        if (quota.isExceeded()) {
            throw quota.exceeded(now);
        }
    }

    Quota stored(RegistryRows rows, String namespace, QuotaRows.Use use) {
        return new Quota(
                Quota.Kind.STORED_BYTES,
                namespace,
                use.storedBytes(),
                rows.quotas()
                        .own(namespace)
                        .map(QuotaRows.Own::storedBytes)
                        .orElse(OptionalLong.empty())
                        .orElse(settings.storedPerNamespace().toBytes()),
                null);
    }

    Quota packages(RegistryRows rows, String namespace, QuotaRows.Use use) {
        return new Quota(
                Quota.Kind.PACKAGES,
                namespace,
                use.packages(),
                rows.quotas()
                        .own(namespace)
                        .map(QuotaRows.Own::packages)
                        .orElse(OptionalLong.empty())
                        .orElse(settings.packagesPerNamespace()),
                null);
    }

    /**
     * Keeps what was released by now, drops what was not, and forgets days that are over.
     *
     * @param isBegun whether a package has a release
     * @param isReleased whether a content was released
     */
    public void settle(Predicate<PackageName> isBegun, Predicate<Digest> isReleased) {
        Instant now = clock.instant();
        Map<Held, Boolean> overdue = new LinkedHashMap<>();
        for (Held held : store.read(rows -> rows.quotas().overdue(now, PAGE))) {
            overdue.put(
                    held,
                    switch (held.kind()) {
                        case CONTENT -> isReleased.test(Digest.parse(held.item()));
                        case PACKAGE -> isBegun.test(PackageName.parse(held.item()));
                    });
        }
        store.write(rows -> {
            overdue.forEach((held, isThere) -> {
                if (isThere) {
                    rows.quotas().keep(held);
                } else {
                    rows.quotas().drop(held, now);
                }
            });
            return rows.quotas().forgetDaysBefore(day(now));
        });
    }
}
