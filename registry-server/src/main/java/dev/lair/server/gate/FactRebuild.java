package dev.lair.server.gate;

import dev.lair.registry.api.ApiJson;
import dev.lair.server.settings.LairSettings;
import dev.lair.storage.ContentNotFoundException;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import dev.lair.transparency.Digest;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Derives the facts of every release again, by today's validator. What it breaks off at is derived on demand. */
public final class FactRebuild {

    /** Is the digest of no content that could be released: a module begins with zero. */
    private static final Digest GENERATION = Digest.of("generation of kept facts".getBytes(StandardCharsets.UTF_8));

    private final StoredReleases releases;
    private final FactStore facts;
    private final Set<Digest> done = new HashSet<>();
    private long written;
    private long lost;

    /**
     * What was made.
     *
     * @param contents whose facts were written
     * @param releases whose verdicts were written
     * @param lost releases whose content is not stored
     */
    public record Rebuilt(long contents, long releases, long lost) {}

    private FactRebuild(Storage storage, LairSettings settings) {
        this.releases = new StoredReleases(storage, settings);
        this.facts = storage.facts();
    }

    /** Which rebuilding the kept facts are of: what it made may differ from what was told before. Empty before the first. */
    static String generation(FactStore facts) {
        return facts.ofContent(GENERATION)
                .map(mark -> new String(mark, StandardCharsets.UTF_8))
                .orElse("");
    }

    /** Drops what is kept and derives it again; beside nodes they keep what they miss meanwhile. */
    public static Rebuilt run(Storage storage, LairSettings settings) {
        storage.facts().clear();
        FactRebuild rebuild = new FactRebuild(storage, settings);
        rebuild.releases.forEach((name, release, before) -> {
            if (rebuild.written == 0) {
                // Before anything that differs from what clients have: a crash leaves new tags for old facts at worst.
                rebuild.facts.saveContent(
                        GENERATION, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
            }
            try {
                Examined examined;
                if (rebuild.done.add(release.content())) {
                    Examination examination = rebuild.releases.examine(release.content());
                    rebuild.facts.saveContent(release.content(), Examinations.body(examination.facts()));
                    examined = examination.examined();
                } else {
                    examined = rebuild.releases.examined(release.content());
                }
                ReleaseRules.Judgement judgement = rebuild.releases.judge(name, release, before, examined);
                rebuild.facts.saveRelease(
                        release.record(), release.version().toString(), ApiJson.writeCompressed(judgement.verdict()));
                rebuild.written++;
            } catch (ContentNotFoundException e) {
                rebuild.lost++;
                rebuild.done.remove(release.content());
            }
        });
        return new Rebuilt(rebuild.done.size(), rebuild.written, rebuild.lost);
    }
}
