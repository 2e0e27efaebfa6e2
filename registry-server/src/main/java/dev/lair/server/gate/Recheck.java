package dev.lair.server.gate;

import dev.lair.component.validate.ValidatorVersion;
import dev.lair.registry.PackageName;
import dev.lair.registry.api.ApiJson;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ReleaseVerdict;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs today's validator and today's policies over every stored release and compares with what was found out when it was
 * published. Alters nothing, not even what could be written anew.
 */
public final class Recheck {

    private final StoredReleases releases;
    private final FactStore facts;
    private long checked;
    private long differing;
    private long unstored;

    /**
     * A verdict.
     *
     * @param validator its version
     * @param content on the bytes
     * @param compatibility with the neighbours; absent when nothing is kept about it
     * @param objection why it would be refused today
     */
    public record Verdict(
            String validator,
            String content,
            @Nullable String compatibility,
            @Nullable String objection) {}

    /**
     * One release.
     *
     * @param stored absent when nothing is kept; then it differs when it would be refused today
     * @param today absent when the content is lost
     */
    public record Line(
            String name,
            String version,
            String digest,
            @Nullable Verdict stored,
            @Nullable Verdict today,
            boolean differs) {

        /** The line as JSON. */
        public byte[] json() {
            return ApiJson.write(this);
        }

        /** The line for people. */
        public String text() {
            String before = stored == null ? "nothing kept" : told(stored);
            String now = today == null ? "the content is not stored" : told(today);
            return (differs ? "differs " : "same    ") + name + "@" + version + ": " + before
                    + (differs || !before.equals(now) ? " -> " + now : "");
        }

        private static String told(Verdict verdict) {
            return verdict.content()
                    + (verdict.compatibility() == null ? "" : ", " + verdict.compatibility())
                    + (verdict.objection() == null ? "" : ", would be refused: " + verdict.objection())
                    + " [validator " + verdict.validator() + "]";
        }
    }

    /** What was gone through. */
    public record Counts(long releases, long differing, long unstored) {}

    private Recheck(Storage storage, LairSettings settings) {
        this.releases = new StoredReleases(storage, settings);
        this.facts = storage.facts();
    }

    /** Goes through all releases, by name and in the order of their logs. */
    public static Counts run(Storage storage, LairSettings settings, Consumer<Line> told) {
        Recheck recheck = new Recheck(storage, settings);
        recheck.releases.forEach((name, release, before) -> told.accept(recheck.line(name, release, before)));
        return new Counts(recheck.checked, recheck.differing, recheck.unstored);
    }

    private Line line(PackageName name, PackageReleases.Entry release, Standing before) {
        Verdict stored = stored(release);
        Verdict today = today(name, release, before);
        boolean differs = differs(stored, today);
        checked++;
        differing += differs ? 1 : 0;
        unstored += stored == null ? 1 : 0;
        return new Line(
                name.toString(), release.version().toString(), release.content().toString(), stored, today, differs);
    }

    private static boolean differs(@Nullable Verdict stored, @Nullable Verdict today) {
        if (today == null) {
            return true;
        }
        if (stored == null) {
            return today.objection() != null;
        }
        return !stored.content().equals(today.content()) || differ(stored.compatibility(), today.compatibility());
    }

    /** What was not compared under another policy says nothing about the validator. */
    private static boolean differ(@Nullable String stored, @Nullable String today) {
        return stored != null
                && today != null
                && !stored.equals(Beside.OFF.word())
                && !today.equals(Beside.OFF.word())
                && !stored.equals(today);
    }

    private @Nullable Verdict stored(PackageReleases.Entry release) {
        Optional<ContentFacts> content = facts.ofContent(release.content()).flatMap(Recheck::read);
        Optional<ReleaseVerdict> verdict = ReleaseGate.kept(facts, release.record(), release.version());
        return content.map(found -> new Verdict(
                        found.validation().validator(),
                        found.validation().text(),
                        verdict.map(ReleaseVerdict::compatibility).orElse(null),
                        null))
                .orElse(null);
    }

    private static Optional<ContentFacts> read(byte[] body) {
        try {
            return Optional.of(ApiJson.readCompressed(body, ContentFacts.class));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    private @Nullable Verdict today(PackageName name, PackageReleases.Entry release, Standing before) {
        try {
            Examined content = releases.examined(release.content());
            ReleaseRules.Judgement judgement = releases.judge(name, release, before, content);
            return new Verdict(
                    ValidatorVersion.CURRENT,
                    content.validation().text(),
                    judgement.verdict().compatibility(),
                    judgement.objection().orElse(null));
        } catch (ContentNotFoundException e) {
            return null;
        }
    }
}
