package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.registry.tree.MapAnswer;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.WargJson;
import dev.lair.server.Author;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.signing.EnvelopeCodec;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.Digest;
import dev.lair.transparency.Limits;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.TlogProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code package/**} and {@code proof/map/**}: what can be checked offline, with nothing but keys. */
class ReleaseProofTest extends TreeHttpTest {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Digest CONTENT = Digest.of(new byte[] {1});

    private Author author() {
        return Author.of("test:p-" + (char) ('a' + NAMES.getAndIncrement()), clock);
    }

    private SignedPackageRecord release(Author author, String version) {
        RecordId prev = author.head();
        SignedPackageRecord record = author.release(version, CONTENT);
        append(author, record, prev);
        return record;
    }

    private String path(Author author, String version) {
        return TreePaths.releaseProof(author.name(), SemVer.parse(version));
    }

    /** Checks a proof as an offline client does and answers the record in it. */
    private SignedPackageRecord verified(String text, Author author) throws Exception {
        TlogProof proof = TlogProof.parse(text);
        CheckpointText checkpoint = verified(proof.checkpoint(), config().log());
        SignedPackageRecord record =
                SignedPackageRecord.decode(EnvelopeCodec.parse(proof.extra().orElseThrow()));
        proof.inclusion(checkpoint.treeSize()).verify(new LogLeaf(author.log(), record.id()).hash(), checkpoint.root());
        return record;
    }

    @Test
    void proofShowsTheReleaseInTheNewestCheckpoint() throws Exception {
        Author author = author();
        SignedPackageRecord first = release(author, "1.0.0");
        Reply reply = get(path(author, "1.0.0")).requireOk();
        assertThat(verified(reply.text(), author).id()).isEqualTo(first.id());
        assertThat(TlogProof.parse(reply.text()).checkpoint())
                .isEqualTo(ledger.publication().orElseThrow().notes().log());
        assertThat(reply.header("content-type")).contains(TEXT);
        assertThat(reply.header("cache-control")).contains("max-age=300, public");
        String tag = reply.header("etag").orElseThrow();
        assertThat(get(path(author, "1.0.0"), "if-none-match", tag).status()).isEqualTo(304);
        // The log grows: the same release, a newer checkpoint.
        SignedPackageRecord second = release(author, "1.1.0-RC.1");
        Reply newer = get(path(author, "1.0.0"), "if-none-match", tag).requireOk();
        assertThat(verified(newer.text(), author).id()).isEqualTo(first.id());
        assertThat(verified(get(path(author, "1.1.0-RC.1")).requireOk().text(), author)
                        .id())
                .isEqualTo(second.id());
    }

    @Test
    void oneRecordWithManyReleasesProvesEachOfThem() throws Exception {
        Author author = author();
        SignedPackageRecord record = author.write(
                new PackageEntry.Init(author.key().publicKey()),
                new PackageEntry.Release(SemVer.parse("1.0.0"), CONTENT),
                new PackageEntry.Release(SemVer.parse("2.0.0"), CONTENT));
        append(author, record, null);
        for (String version : new String[] {"1.0.0", "2.0.0"}) {
            assertThat(verified(get(path(author, version)).requireOk().text(), author)
                            .id())
                    .isEqualTo(record.id());
        }
    }

    /** A first record of this author with an envelope of exactly so many bytes: signatures differ in length by a few. */
    private static SignedPackageRecord ofEnvelopeSize(Author author, int bytes) {
        int filling = bytes - 500;
        for (int tries = 0; tries < 1000; tries++) {
            SignedPackageRecord record = author.continueBehind(null)
                    .write(
                            new PackageEntry.Init(author.key().publicKey()),
                            new PackageEntry.Release(SemVer.parse("1.0.0"), CONTENT),
                            new PackageEntry.Release(SemVer.parse("2.0.0-" + "a".repeat(filling)), CONTENT));
            int size = EnvelopeCodec.format(record.envelope()).length;
            if (size == bytes) {
                return record;
            }
            filling += bytes - size;
        }
        throw new AssertionError("no record has an envelope of " + bytes + " bytes");
    }

    @Test
    void recordThatIsTooLongForForeignReadersIsLeftOutOfItsProofWhichStillHolds() throws Exception {
        Author fits = author();
        SignedPackageRecord carried = ofEnvelopeSize(fits, Limits.PORTABLE_EXTRA_BYTES);
        append(fits, carried, null);
        assertThat(verified(get(path(fits, "1.0.0")).requireOk().text(), fits).id())
                .isEqualTo(carried.id());

        Author tooLong = author();
        SignedPackageRecord leftOut = ofEnvelopeSize(tooLong, Limits.PORTABLE_EXTRA_BYTES + 1);
        append(tooLong, leftOut, null);
        TlogProof proof =
                TlogProof.parse(get(path(tooLong, "1.0.0")).requireOk().text());
        assertThat(proof.extra()).isEmpty();
        CheckpointText checkpoint = verified(proof.checkpoint(), config().log());
        proof.inclusion(checkpoint.treeSize())
                .verify(new LogLeaf(tooLong.log(), leftOut.id()).hash(), checkpoint.root());
    }

    @Test
    void yankedReleaseIsStillProven() throws Exception {
        Author author = author();
        SignedPackageRecord released = release(author, "1.0.0");
        append(author, author.yank("1.0.0"), released.id());
        assertThat(verified(get(path(author, "1.0.0")).requireOk().text(), author)
                        .id())
                .isEqualTo(released.id());
    }

    @Test
    void whatWasNeverReleasedIsNotThere() {
        Author author = author();
        get(path(author, "1.0.0")).requireNotFound();
        release(author, "1.0.0");
        get(path(author, "1.0.1")).requireNotFound();
        get(path(author, "1.0.0-rc.1")).requireNotFound();
        get(path(author, "1.0.0")).requireOk();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "package/test/x/1.0.tlog-proof", "package/test/x/.tlog-proof", "package/test/x_y/1.0.0.tlog-proof",
                "package/9/x/1.0.0.tlog-proof", "package/test/x/latest.tlog-proof", "proof/map/test/x_y"
            })
    void nameOrVersionThatCannotBeIsNotThere(String path) {
        get(path).requireNotFound();
    }

    @Test
    void namesAreInLowerCaseAndVersionsKeepTheirs() {
        Reply reply = get("package/Test/UPPER/1.0.0-RC.1.tlog-proof");
        assertThat(reply.status()).isEqualTo(308);
        assertThat(reply.header("location"))
                .contains("https://registry.example/base/package/test/upper/1.0.0-RC.1.tlog-proof");
        Reply map = get("proof/map/test/UPPER");
        assertThat(map.status()).isEqualTo(308);
        assertThat(map.header("location")).contains("https://registry.example/base/proof/map/test/upper");
    }

    @Test
    void recordOfAnyKindIsProvenByItsId() throws Exception {
        Author author = author();
        SignedPackageRecord released = release(author, "1.0.0");
        SignedPackageRecord yank = author.yank("1.0.0");
        get(TreePaths.recordProof(yank.id())).requireNotFound();
        append(author, yank, released.id());
        Reply reply = get(TreePaths.recordProof(yank.id())).requireOk();
        assertThat(verified(reply.text(), author).id()).isEqualTo(yank.id());
        assertThat(reply.header("cache-control")).contains("max-age=300, public");
        assertThat(verified(
                                get(TreePaths.recordProof(released.id()))
                                        .requireOk()
                                        .text(),
                                author)
                        .id())
                .isEqualTo(released.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "zz", "sha256:00"})
    void recordIdThatCannotBeIsNotThere(String hex) {
        get("proof/record/sha256-" + hex + ".tlog-proof").requireNotFound();
    }

    private MapAnswer map(PackageName name) throws Exception {
        Reply reply = get(TreePaths.mapProof(name)).requireOk();
        assertThat(reply.header("content-type")).contains("application/json");
        return WargJson.readReply(reply.bytes(), MapAnswer.class);
    }

    private void requireMap(PackageName name, @Nullable RecordId head) throws Exception {
        MapAnswer answer = map(name);
        assertThat(answer.logId()).isEqualTo(name.logId());
        assertThat(answer.head()).isEqualTo(head);
        CheckpointText evidence = verified(answer.evidenceProof().checkpoint(), config().evidence());
        CheckpointEvidence stated = answer.verify(evidence.treeSize(), evidence.root());
        assertThat(stated.origin()).isEqualTo(config().log().origin());
        CheckpointText newest = verified(get("log/checkpoint").text(), config().log());
        assertThat(stated.treeSize()).isEqualTo(newest.treeSize());
        assertThat(stated.logRoot()).isEqualTo(newest.root());
    }

    /** The entry of the checkpoint is then far behind the end of the evidence log. */
    @Test
    void newestRecordIsProvenAlsoBehindManyAttestations() throws Exception {
        Author author = author();
        release(author, "1.0.0");
        RecordId released = Objects.requireNonNull(author.head());
        List<CompletableFuture<Long>> stated = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            stated.add(ledger.attest(released, Digest.of(new byte[] {(byte) i})));
        }
        stated.forEach(OpenLedger::await);
        requireMap(author.name(), author.head());
        release(author, "1.0.1");
        requireMap(author.name(), author.head());
    }

    @Test
    void newestRecordIsProvenAndSoIsTheAbsenceOfAName() throws Exception {
        Author author = author();
        requireMap(author.name(), null);
        release(author, "1.0.0");
        requireMap(author.name(), author.head());
        release(author, "1.0.1");
        requireMap(author.name(), author.head());
        requireMap(PackageName.parse("test:never-there"), null);
    }
}
