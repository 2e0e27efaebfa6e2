package dev.lair.signing.note;

/**
 * What an Ed25519 cosignature (type 0x04) is over (c2sp.org/tlog-cosignature, "Ed25519 signed message"):
 *
 * <pre>
 * cosignature/v1 LF
 * time SECONDS LF        POSIX, decimal
 * TEXT                   of the note, extension lines included
 * </pre>
 */
final class CosignatureV1 {

    private static final String HEADER = "cosignature/v1";

    private CosignatureV1() {}

    static byte[] message(long epochSeconds, String text) {
        return NoteText.utf8(HEADER + "\ntime " + epochSeconds + "\n" + text);
    }
}
