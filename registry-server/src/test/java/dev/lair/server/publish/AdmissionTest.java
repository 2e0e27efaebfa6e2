package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackagePermission;
import dev.lair.registry.log.PackageRecord;
import dev.lair.registry.log.PackageRecordCodec;
import dev.lair.registry.log.RecordRejected;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.publish.PublishRefused.NotAdmitted;
import dev.lair.signing.EcdsaP256;
import dev.lair.transparency.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each of the registry's own rules, and that the log alone would take what it refuses. */
class AdmissionTest {

    private static final Digest CONTENT = Digest.of();

    private final TestClock clock = new TestClock();
    private final Admission admission = new Admission(clock, TestSettings.of());
    private final Author author = Author.of("test:admission", clock);
    private PackageLog.State log = PackageLog.State.EMPTY;

    @BeforeEach
    void logIsAMonthOld() throws RecordRejected {
        clock.move(Duration.ofDays(-30));
        log = log.append(author.release("1.0.0-rc.A", CONTENT), EcdsaP256.INSTANCE);
        clock.move(Duration.ofDays(30));
    }

    private static PackageEntry release(String version) {
        return new PackageEntry.Release(SemVer.parse(version), CONTENT);
    }

    private SignedPackageRecord at(Instant time) {
        return SignedPackageRecord.sign(
                new PackageRecord(author.head(), 0, time, List.of(release("2.0.0"))), author.key());
    }

    private void requireRefused(SignedPackageRecord record, String... words) {
        assertThatThrownBy(() -> admission.check(record, log))
                .isInstanceOf(NotAdmitted.class)
                .hasMessageContainingAll(words);
        assertThatCode(() -> log.append(record, EcdsaP256.INSTANCE))
                .as("clients and replay take what only the door refuses")
                .doesNotThrowAnyException();
    }

    private void requireAdmitted(SignedPackageRecord record) {
        assertThatCode(() -> admission.check(record, log)).doesNotThrowAnyException();
    }

    @Test
    void emptyRecordIsRefused() {
        requireRefused(author.writeUnchained(), "without entries");
    }

    @Test
    void recordWithMoreThanAHundredReleasesIsRefused() {
        PackageEntry[] entries = IntStream.rangeClosed(1, 101)
                .mapToObj(i -> new PackageEntry.Release(SemVer.parse(i + ".0.0"), Digest.of(new byte[] {(byte) i})))
                .toArray(PackageEntry[]::new);
        requireRefused(author.writeUnchained(entries), "releases 101 versions");
        requireAdmitted(author.writeUnchained(Arrays.copyOf(entries, 100)));
    }

    @Test
    void grantWithoutPermissionsIsRefused() {
        Author stranger = Author.of("test:admission", clock);
        requireRefused(
                author.writeUnchained(new PackageEntry.Grant(stranger.key().publicKey(), List.of())),
                "without permissions");
        requireAdmitted(author.writeUnchained(
                new PackageEntry.Grant(stranger.key().publicKey(), List.of(PackagePermission.YANK))));
    }

    @Test
    void strangersGrantOfNothingToItselfIsRefused() {
        Author stranger = Author.of("test:admission", clock).continueBehind(author.head());
        requireRefused(
                stranger.writeUnchained(new PackageEntry.Grant(stranger.key().publicKey(), List.of())),
                "without permissions");
    }

    @Test
    void revocationWithoutPermissionsIsRefused() {
        requireRefused(
                author.writeUnchained(new PackageEntry.Revoke(author.key().keyId(), List.of())), "without permissions");
        requireAdmitted(
                author.writeUnchained(new PackageEntry.Revoke(author.key().keyId(), List.of(PackagePermission.YANK))));
    }

    @Test
    void timeFiveMinutesBehindOursIsTakenAndANanosecondMoreIsNot() {
        Instant edge = clock.instant().minus(Duration.ofMinutes(5));
        requireAdmitted(at(edge));
        requireRefused(at(edge.minusNanos(1)), edge.minusNanos(1).toString(), "5 minutes", "set the clock");
    }

    @Test
    void timeFiveMinutesAheadOfOursIsTakenAndANanosecondMoreIsNot() {
        Instant edge = clock.instant().plus(Duration.ofMinutes(5));
        requireAdmitted(at(edge));
        requireRefused(at(edge.plusNanos(1)), edge.plusNanos(1).toString(), "5 minutes");
    }

    @Test
    void timesFarBeyondAnyCalendarAreRefused() {
        for (Instant time : List.of(Instant.EPOCH, Instant.parse("9999-12-31T23:59:59Z"))) {
            assertThatThrownBy(() -> admission.check(at(time), log)).isInstanceOf(NotAdmitted.class);
        }
    }

    @Test
    void clockSkewIsConfigured() throws NotAdmitted {
        Admission strict = new Admission(clock, TestSettings.of("publish.clock-skew", "1m"));
        strict.check(at(clock.instant().plusSeconds(60)), log);
        assertThatThrownBy(() -> strict.check(at(clock.instant().plusSeconds(61)), log))
                .isInstanceOf(NotAdmitted.class)
                .hasMessageContaining("1 minutes");
    }

    @Test
    void recordLargerThan48KibIsRefused() {
        SignedPackageRecord small = sized(48 * 1024);
        assertThat(small.envelope().contentSizeBytes()).isEqualTo(48 * 1024);
        requireAdmitted(small);
        requireRefused(sized(48 * 1024 + 1), "49153 bytes", "49152");
    }

    /** One grant that names a permission over and over, a byte each. */
    private SignedPackageRecord sized(int bytes) {
        for (int times = bytes - 300; times < bytes; times++) {
            PackageEntry grant = new PackageEntry.Grant(
                    author.key().publicKey(), Collections.nCopies(times, PackagePermission.YANK));
            PackageRecord record = new PackageRecord(author.head(), 0, clock.instant(), List.of(grant));
            if (PackageRecordCodec.format(record).length == bytes) {
                return author.writeUnchained(grant);
            }
        }
        throw new AssertionError("no record of " + bytes + " bytes");
    }

    @Test
    void buildMetadataIsRefused() {
        requireRefused(author.writeUnchained(release("2.0.0+a")), "2.0.0+a", "build metadata");
    }

    @Test
    void versionWhoseFileWouldBeThatOfAnothersAttestationsIsRefused() {
        requireAdmitted(author.writeUnchained(release("2.0.0-attestations")));
        requireRefused(author.writeUnchained(release("2.0.0-x.attestations")), "2.0.0-x.attestations", "static tree");
    }

    @Test
    void versionOfMoreThan128CharactersIsRefused() {
        String longest = "2.0.0-" + "x".repeat(122);
        requireAdmitted(author.writeUnchained(release(longest)));
        requireRefused(author.writeUnchained(release(longest + "x")), "129 characters", "128");
    }

    @Test
    void versionThatDiffersFromAReleasedOneOnlyByCaseIsRefused() {
        requireRefused(author.writeUnchained(release("1.0.0-RC.a")), "1.0.0-RC.a", "case");
    }

    @Test
    void versionsThatDifferOnlyByCaseWithinOneRecordAreRefused() {
        requireRefused(author.writeUnchained(release("2.0.0-beta"), release("2.0.0-Beta")), "2.0.0-Beta", "case");
    }

    @Test
    void yankedVersionStillCountsForTheCaseRule() throws RecordRejected {
        log = log.append(author.yank("1.0.0-rc.A"), EcdsaP256.INSTANCE);
        requireRefused(author.writeUnchained(release("1.0.0-rc.a")), "case");
    }

    @Test
    void sameExactVersionAgainIsLeftToTheLog() {
        SignedPackageRecord again = author.writeUnchained(release("1.0.0-rc.A"));
        requireAdmitted(again);
        assertThatThrownBy(() -> log.append(again, EcdsaP256.INSTANCE))
                .isInstanceOf(RecordRejected.class)
                .hasMessageContaining("already released");
    }

    @Test
    void sameExactVersionTwiceInOneRecordIsRefusedSomewhere() {
        SignedPackageRecord twice = author.writeUnchained(release("2.0.0"), release("2.0.0"));
        boolean atTheDoor = refuses(() -> admission.check(twice, log));
        boolean byTheLog = refuses(() -> log.append(twice, EcdsaP256.INSTANCE));
        assertThat(atTheDoor || byTheLog).isTrue();
    }

    private interface Check {
        void run() throws Exception;
    }

    private static boolean refuses(Check check) {
        try {
            check.run();
            return false;
        } catch (Exception refused) {
            return true;
        }
    }

    @Test
    void initAndYankHaveNoRuleOfTheirOwn() {
        requireAdmitted(author.writeUnchained(new PackageEntry.Init(author.key().publicKey())));
        requireAdmitted(author.writeUnchained(new PackageEntry.Yank(SemVer.parse("9.9.9+never"))));
    }
}
