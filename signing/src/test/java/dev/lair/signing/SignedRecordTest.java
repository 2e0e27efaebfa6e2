package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignedRecordTest {

    private static final byte[] CONTENT = {1, 2, 3};

    private static SignedRecord record(byte[] content) {
        return SignedRecord.sign(RecordDomain.PACKAGE, content, WargVectors.ALICE);
    }

    @Test
    void changingTheCallersArrayChangesNothing() {
        byte[] mine = CONTENT.clone();
        SignedRecord record = record(mine);
        mine[0] = 9;
        record.contentBytes()[1] = 9;
        assertThat(record.contentBytes()).containsExactly(1, 2, 3);
        assertThat(record.contentSizeBytes()).isEqualTo(3);
    }

    @Test
    void recordsAreEqualByTheirThreeParts() {
        SignedRecord record = record(CONTENT);
        assertThat(record(CONTENT)).isEqualTo(record).hasSameHashCodeAs(record);
        assertThat(record(new byte[] {1, 2, 4})).isNotEqualTo(record);
        assertThat(new SignedRecord(CONTENT, WargVectors.BOB.keyId(), record.signature()))
                .isNotEqualTo(record);
        assertThat(new SignedRecord(CONTENT, record.keyId(), WargVectors.ALICE.sign(CONTENT)))
                .isNotEqualTo(record);
    }

    /** Deduplicate by record id: another key's signature over the same bytes is the same record. */
    @Test
    void recordIdLeavesOutKeyAndSignature() {
        SignedRecord other = SignedRecord.sign(RecordDomain.PACKAGE, CONTENT, WargVectors.BOB);
        assertThat(other).isNotEqualTo(record(CONTENT));
        assertThat(other.recordId(RecordDomain.PACKAGE))
                .isEqualTo(record(CONTENT).recordId(RecordDomain.PACKAGE));
    }

    @Test
    void toStringShowsKeyAndSizeOnly() {
        assertThat(record(CONTENT)).hasToString("SignedRecord[3 bytes, keyId=" + WargVectors.ALICE.keyId() + "]");
    }
}
