package dev.lair.transparency;

import java.nio.charset.StandardCharsets;

/**
 * One leaf of the ledger: which log grew by which record. The encoding is warg's {@code LogLeaf} (warg protocol, section
 * 3), 160 bytes: {@code WARG-LOG-LEAF-V0}, then each id as its text of 71 bytes behind its length byte {@code 0x47}.
 */
public record LogLeaf(LogId logId, RecordId recordId) {

    /** Length of {@link #encode} in bytes. */
    public static final int ENCODED_LENGTH = 160;

    private static final byte[] PREFIX = "WARG-LOG-LEAF-V0".getBytes(StandardCharsets.US_ASCII);

    /** The leaf data that the log hashes. */
    public byte[] encode() {
        return WargText.concat(
                PREFIX, WargText.lengthPrefixed(logId.toString()), WargText.lengthPrefixed(recordId.toString()));
    }

    /** RFC 6962 leaf hash of {@link #encode}. */
    public LeafHash hash() {
        return MerkleHash.leaf(encode());
    }
}
