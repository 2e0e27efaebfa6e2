package dev.lair.registry.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.signing.EnvelopeCodec;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.RecordDomain;
import dev.lair.signing.SignedRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles of full records: 32-bit lengths, canonical envelopes, nothing in front and nothing behind. */
class RecordBundleTest {

    private static final PrivateKey KEY = PrivateKey.generate(new SecureRandom());
    private static final List<SignedRecord> RECORDS = List.of(record(""), record("two"), record("x".repeat(70_000)));
    private static final byte[] BUNDLE = RecordBundle.encode(RECORDS);

    private static SignedRecord record(String content) {
        return SignedRecord.sign(RecordDomain.PACKAGE, content.getBytes(StandardCharsets.UTF_8), KEY);
    }

    @Test
    void bundleIsLengthAndEnvelopeOfEachRecord() {
        ByteBuffer in = ByteBuffer.wrap(BUNDLE);
        for (SignedRecord record : RECORDS) {
            byte[] envelope = new byte[in.getInt()];
            in.get(envelope);
            assertThat(envelope).isEqualTo(EnvelopeCodec.format(record));
        }
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void recordsReadBackAndHashToTheirIds() throws MalformedBundleException {
        List<SignedRecord> parsed = RecordBundle.parse(BUNDLE, 3);
        assertThat(parsed).isEqualTo(RECORDS);
        assertThat(parsed.get(1).recordId(RecordDomain.PACKAGE))
                .isEqualTo(RECORDS.get(1).recordId(RecordDomain.PACKAGE));
    }

    @Test
    void partialBundleIsAPrefixOfTheFullOne() {
        byte[] two = RecordBundle.encode(RECORDS.subList(0, 2));
        assertThat(Arrays.copyOf(BUNDLE, two.length)).isEqualTo(two);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4})
    void bundleWithAnotherNumberOfRecordsIsRefused(int count) {
        assertThatThrownBy(() -> RecordBundle.parse(BUNDLE, count)).isInstanceOf(MalformedBundleException.class);
    }

    @Test
    void bundleThatEndsEarlyIsRefusedWhereverItEnds() {
        byte[] small = RecordBundle.encode(RECORDS.subList(0, 2));
        for (int length = 0; length < small.length; length++) {
            byte[] cut = Arrays.copyOf(small, length);
            assertThatThrownBy(() -> RecordBundle.parse(cut, 2))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(MalformedBundleException.class);
        }
        byte[] longer = Arrays.copyOf(small, small.length + 1);
        assertThatThrownBy(() -> RecordBundle.parse(longer, 2))
                .isInstanceOf(MalformedBundleException.class)
                .hasMessage("1 bytes follow record 2 of the bundle");
    }

    @Test
    void flippedByteIsRefusedOrGivesAnotherRecord() {
        byte[] small = RecordBundle.encode(RECORDS.subList(0, 2));
        for (int i = 0; i < small.length; i++) {
            byte[] flipped = small.clone();
            flipped[i] ^= 1;
            try {
                assertThat(RecordBundle.parse(flipped, 2)).as("byte %d", i).isNotEqualTo(RECORDS.subList(0, 2));
            } catch (MalformedBundleException refused) {
                assertThat(refused).hasMessageContaining("record");
            }
        }
    }

    @Test
    void lengthBeyondTheBodyDoesNotReserveMemory() {
        byte[] huge = ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).array();
        assertThatThrownBy(() -> RecordBundle.parse(huge, 1)).isInstanceOf(MalformedBundleException.class);
    }

    @Test
    void moreThanABundleHoldsAreNotEncoded() {
        List<SignedRecord> many = Collections.nCopies(257, RECORDS.getFirst());
        assertThatThrownBy(() -> RecordBundle.encode(many))
                .hasMessageContaining("256")
                .hasMessageContaining("257");
    }
}
