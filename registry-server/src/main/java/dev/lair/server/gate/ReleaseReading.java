package dev.lair.server.gate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lair.component.compat.Compatibility;
import dev.lair.component.compat.CompatibilityCheck;
import dev.lair.component.compat.IncomparableException;
import dev.lair.component.compat.VersionStep;
import dev.lair.component.names.SemanticVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.server.ledger.Ledger;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.transparency.Digest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * What is known of released contents, for pages that show a part of it at a time. Contents never change, so what was read is
 * remembered by digest, within a bound of memory; what is too large for that is read again each time, one after the other.
 */
@Service
public final class ReleaseReading {

    private final Examinations examinations;
    private final PackageReleases releases;
    private final ReleaseGate gate;
    private final Ledger ledger;

    private final ByteBudget work = new ByteBudget(
            GateLimits.TOLD_WORK_BYTES, "too many pages of long texts are made at once; try again later");

    private final Cache<Digest, ContentFacts> facts = Caffeine.newBuilder()
            .maximumWeight(GateLimits.READ_REMEMBERED_BYTES)
            .weigher((Digest digest, ContentFacts known) -> weight(known))
            .build();

    private final Cache<Pair, Comparison> comparisons = Caffeine.newBuilder()
            .maximumWeight(GateLimits.READ_DIFFERENCES)
            .weigher((Pair pair, Comparison found) -> found.weight())
            .build();

    private final Cache<Told, ReleaseVerdict> verdicts = Caffeine.newBuilder()
            .maximumWeight(GateLimits.READ_DIFFERENCES)
            .weigher((Told told, ReleaseVerdict verdict) -> 1
                    + verdict.neighbours().stream()
                            .mapToInt(each -> 1 + each.differences().size())
                            .sum())
            .build();

    private record Pair(Digest before, Digest after, SemVer from, SemVer to) {}

    private record Told(PackageName name, SemVer version) {}

    /** Two releases side by side. */
    public sealed interface Comparison {

        /** What differs, and whom it breaks. */
        record Compared(Compatibility found) implements Comparison {}

        /** They cannot be compared: why, in a few words. */
        record NotCompared(String why) implements Comparison {}

        private int weight() {
            return switch (this) {
                case Compared compared -> 1 + compared.found().differences().size();
                case NotCompared not -> 1;
            };
        }
    }

    ReleaseReading(Examinations examinations, PackageReleases releases, ReleaseGate gate, Ledger ledger) {
        this.examinations = examinations;
        this.releases = releases;
        this.gate = gate;
        this.ledger = ledger;
    }

    /** About: each line of WIT becomes some objects. */
    private static int weight(ContentFacts facts) {
        long text = facts.wit() == null ? 0 : facts.wit().text().length();
        long names = (long) facts.imports().size()
                + facts.exports().size()
                + facts.interfaces().size();
        return (int) Math.min(Integer.MAX_VALUE, 2_000 + 15 * text + 500 * names);
    }

    /**
     * All that follows from the bytes of a content; empty when it is lost.
     *
     * @throws GateBusyException when it has to be found out anew and cannot be now
     */
    public Optional<ContentFacts> facts(Digest content) {
        ContentFacts known = facts.getIfPresent(content);
        if (known != null) {
            return Optional.of(known);
        }
        ByteBudget.Share share = work.take(GateLimits.FACTS_BYTES, GateLimits.TOLD_WAIT);
        try {
            ContentFacts meanwhile = facts.getIfPresent(content);
            ContentFacts found = meanwhile != null ? meanwhile : examinations.facts(content);
            facts.put(content, found);
            return Optional.of(found);
        } catch (ContentNotFoundException lost) {
            return Optional.empty();
        } finally {
            share.close();
        }
    }

    /** What was said of a release beside its neighbours when it was published; empty when there is no such release. */
    public Optional<ReleaseVerdict> verdict(PackageName name, SemVer version) {
        Told key = new Told(name, version);
        ReleaseVerdict known = verdicts.getIfPresent(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<PackageReleases.Entry> entry = releases.find(name.logId(), version, ledger.publishedSize());
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try {
            ReleaseVerdict verdict = gate.verdict(name, entry.get());
            verdicts.put(key, verdict);
            return Optional.of(verdict);
        } catch (ContentNotFoundException lost) {
            return Optional.empty();
        }
    }

    /**
     * Puts two releases side by side, whatever their order.
     *
     * @throws GateBusyException when one of them cannot be looked at now
     */
    public Comparison compare(Digest before, SemVer from, Digest after, SemVer to) {
        Pair pair = new Pair(before, after, from, to);
        Comparison known = comparisons.getIfPresent(pair);
        if (known != null) {
            return known;
        }
        Comparison found;
        try {
            found = compared(pair);
        } catch (ContentNotFoundException lost) {
            return new Comparison.NotCompared("the content of one of them is lost");
        } catch (IncomparableException e) {
            found = new Comparison.NotCompared(ReleaseRules.clipped(String.valueOf(e.getMessage())));
        }
        comparisons.put(pair, found);
        return found;
    }

    private Comparison compared(Pair pair) throws ContentNotFoundException, IncomparableException {
        Examined old = examinations.comparable(pair.before(), Asker.READERS);
        Examined next = examinations.comparable(pair.after(), Asker.READERS);
        if (old.comparand() instanceof Comparand.WitPackage before
                && next.comparand() instanceof Comparand.WitPackage after) {
            return new Comparison.Compared(CompatibilityCheck.packages(before.wit(), after.wit()));
        }
        if (old.comparand() instanceof Comparand.Component before
                && next.comparand() instanceof Comparand.Component after) {
            return new Comparison.Compared(CompatibilityCheck.components(
                    before.types(), after.types(), new VersionStep(semantic(pair.from()), semantic(pair.to()))));
        }
        if (old.kind() != next.kind()) {
            return new Comparison.NotCompared("they are of different kinds");
        }
        return new Comparison.NotCompared(
                old.kind() == ContentKind.CORE_MODULE
                        ? "core modules have no types to compare"
                        : "one of them is not checked, or has no WIT");
    }

    private static @Nullable SemanticVersion semantic(SemVer version) {
        return SemanticVersion.tryParse(version.toString()).orElse(null);
    }
}
