package dev.lair.registry.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.RecordRejected.FirstEntryIsNotInit;
import dev.lair.registry.log.RecordRejected.InitialEntryAfterBeginning;
import dev.lair.registry.log.RecordRejected.InitialRecordDoesNotInit;
import dev.lair.registry.log.RecordRejected.KeyIdNotRecognized;
import dev.lair.registry.log.RecordRejected.Reason;
import dev.lair.registry.log.RecordRejected.SignatureError;
import dev.lair.registry.log.RecordRejected.UnauthorizedAction;
import dev.lair.signing.EcdsaP256;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.Signer;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rules of both logs that no reference vector isolates: each test fails when its rule is taken away. */
class AppendRulesTest {

    private static final PrivateKey ALICE = PrivateKey.generate(new SecureRandom());
    private static final PrivateKey BOB = PrivateKey.generate(new SecureRandom());
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000L);
    private static final SemVer VERSION = SemVer.parse("1.0.0");
    private static final Digest CONTENT = Digest.of(new byte[] {1});

    private static PackageRecord packageRecord(@Nullable RecordId prev, PackageEntry... entries) {
        return new PackageRecord(prev, 0, TIME, List.of(entries));
    }

    private static OperatorRecord operatorRecord(@Nullable RecordId prev, OperatorEntry... entries) {
        return new OperatorRecord(prev, 0, TIME, List.of(entries));
    }

    private static PackageLog.State plus(PackageLog.State state, Signer signer, PackageEntry... entries)
            throws RecordRejected {
        RecordId prev = state.head().map(LogHead::recordId).orElse(null);
        return state.append(SignedPackageRecord.sign(packageRecord(prev, entries), signer), EcdsaP256.INSTANCE);
    }

    private static OperatorLog.State plus(OperatorLog.State state, Signer signer, OperatorEntry... entries)
            throws RecordRejected {
        RecordId prev = state.head().map(LogHead::recordId).orElse(null);
        return state.append(SignedOperatorRecord.sign(operatorRecord(prev, entries), signer), EcdsaP256.INSTANCE);
    }

    /** Alice's log with a release, to which Bob was let with one permission. */
    private static PackageLog.State packageLog(PackagePermission bobs) throws RecordRejected {
        return plus(
                PackageLog.State.EMPTY,
                ALICE,
                new PackageEntry.Init(ALICE.publicKey()),
                new PackageEntry.Release(VERSION, CONTENT),
                new PackageEntry.Grant(BOB.publicKey(), List.of(bobs)));
    }

    /** Alice's log, to which Bob was let with one permission. */
    private static OperatorLog.State operatorLog(OperatorPermission bobs) throws RecordRejected {
        return plus(
                OperatorLog.State.EMPTY,
                ALICE,
                new OperatorEntry.Init(ALICE.publicKey()),
                new OperatorEntry.Grant(BOB.publicKey(), List.of(bobs)));
    }

    private static void assertRejected(PackageLog.State state, Signer signer, Reason reason, PackageEntry... entries) {
        assertThatThrownBy(() -> plus(state, signer, entries))
                .isInstanceOfSatisfying(
                        RecordRejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }

    private static void assertRejected(
            OperatorLog.State state, Signer signer, Reason reason, OperatorEntry... entries) {
        assertThatThrownBy(() -> plus(state, signer, entries))
                .isInstanceOfSatisfying(
                        RecordRejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }

    // The package log.

    @Test
    void initOfAnotherKeyThanTheSignersIsRejectedEvenIfAGrantMakesTheSignerKnown() {
        assertRejected(
                PackageLog.State.EMPTY,
                ALICE,
                new KeyIdNotRecognized(ALICE.keyId(), "package log"),
                new PackageEntry.Init(BOB.publicKey()),
                new PackageEntry.Grant(ALICE.publicKey(), List.of()));
    }

    @Test
    void grantOfNothingBeforeInitIsRejected() {
        assertRejected(
                PackageLog.State.EMPTY,
                ALICE,
                new FirstEntryIsNotInit(),
                new PackageEntry.Grant(BOB.publicKey(), List.of()),
                new PackageEntry.Init(ALICE.publicKey()));
    }

    @Test
    void revocationOfNothingBeforeInitIsRejected() {
        assertRejected(
                PackageLog.State.EMPTY,
                ALICE,
                new FirstEntryIsNotInit(),
                new PackageEntry.Revoke(BOB.keyId(), List.of()),
                new PackageEntry.Init(ALICE.publicKey()));
    }

    @Test
    void yankWithoutPermissionIsRejected() throws RecordRejected {
        assertRejected(
                packageLog(PackagePermission.RELEASE),
                BOB,
                new UnauthorizedAction(BOB.keyId(), PackagePermission.YANK),
                new PackageEntry.Yank(VERSION));
    }

    @Test
    void revocationWithoutThePermissionIsRejected() throws RecordRejected {
        assertRejected(
                packageLog(PackagePermission.YANK),
                BOB,
                new UnauthorizedAction(BOB.keyId(), PackagePermission.RELEASE),
                new PackageEntry.Revoke(ALICE.keyId(), List.of(PackagePermission.RELEASE)));
    }

    // The operator log.

    @Test
    void firstOperatorRecordWithoutInitIsRejected() {
        assertRejected(OperatorLog.State.EMPTY, ALICE, new InitialRecordDoesNotInit());
    }

    @Test
    void secondInitOfTheOperatorLogIsRejected() throws RecordRejected {
        assertRejected(
                operatorLog(OperatorPermission.COMMIT),
                ALICE,
                new InitialEntryAfterBeginning(),
                new OperatorEntry.Init(ALICE.publicKey()));
    }

    @Test
    void operatorInitOfAnotherKeyThanTheSignersIsRejected() {
        assertRejected(
                OperatorLog.State.EMPTY,
                ALICE,
                new KeyIdNotRecognized(ALICE.keyId(), "operator log"),
                new OperatorEntry.Init(BOB.publicKey()));
    }

    @Test
    void operatorGrantWithoutCommitIsRejected() throws RecordRejected {
        assertRejected(
                operatorLog(OperatorPermission.DEFINE_NAMESPACE),
                BOB,
                new UnauthorizedAction(BOB.keyId(), OperatorPermission.COMMIT),
                new OperatorEntry.Grant(ALICE.publicKey(), List.of(OperatorPermission.DEFINE_NAMESPACE)));
    }

    @Test
    void operatorRevocationWithoutCommitIsRejected() throws RecordRejected {
        assertRejected(
                operatorLog(OperatorPermission.DEFINE_NAMESPACE),
                BOB,
                new UnauthorizedAction(BOB.keyId(), OperatorPermission.COMMIT),
                new OperatorEntry.Revoke(ALICE.keyId(), List.of(OperatorPermission.DEFINE_NAMESPACE)));
    }

    @Test
    void importWithoutPermissionIsRejected() throws RecordRejected {
        assertRejected(
                operatorLog(OperatorPermission.DEFINE_NAMESPACE),
                BOB,
                new UnauthorizedAction(BOB.keyId(), OperatorPermission.IMPORT_NAMESPACE),
                new OperatorEntry.ImportNamespace("elsewhere", "registry.example"));
    }

    @Test
    void operatorRecordWithAnothersSignatureIsRejected() throws Exception {
        byte[] content = OperatorRecordCodec.format(operatorRecord(null, new OperatorEntry.Init(ALICE.publicKey())));
        assertSignatureError(new SignedRecord(
                content,
                ALICE.keyId(),
                SignedRecord.sign(RecordDomain.OPERATOR, content, BOB).signature()));
    }

    @Test
    void operatorRecordSignedAsAPackageRecordIsRejected() throws Exception {
        byte[] content = OperatorRecordCodec.format(operatorRecord(null, new OperatorEntry.Init(ALICE.publicKey())));
        assertSignatureError(SignedRecord.sign(RecordDomain.PACKAGE, content, ALICE));
    }

    private static void assertSignatureError(SignedRecord envelope) throws MalformedRecordException {
        SignedOperatorRecord record = SignedOperatorRecord.decode(envelope);
        assertThatThrownBy(() -> OperatorLog.State.EMPTY.append(record, EcdsaP256.INSTANCE))
                .isInstanceOfSatisfying(
                        RecordRejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(new SignatureError(true)));
    }
}
