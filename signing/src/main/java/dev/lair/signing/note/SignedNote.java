package dev.lair.signing.note;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A text with signatures (c2sp.org/signed-note; transparency log, section 1):
 *
 * <pre>
 * TEXT                   UTF-8, no control characters but LF; ends with LF; may have empty lines
 * LF                     the last empty line of the note
 * (SIGNATURE LF)+        {@link NoteSignature}
 * </pre>
 *
 * <p>{@link #parse} and {@link #format} are inverses, so a parsed note can be served again as it came. Parsing proves
 * nothing: read the text only after {@link #verify}.
 *
 * @param text with its last line feed, without the empty line
 * @param signatures at least one, at most 100, in their order
 */
public record SignedNote(String text, List<NoteSignature> signatures) {

    private static final String SPLIT = "\n\n";

    /** Checks what the components may be; {@link MalformedNoteException} otherwise. */
    public SignedNote {
        requireText(text);
        signatures = List.copyOf(signatures);
        if (signatures.isEmpty() || signatures.size() > Limits.NOTE_SIGNATURES) {
            throw new MalformedNoteException(
                    "a note has 1 to " + Limits.NOTE_SIGNATURES + " signatures, not " + signatures.size());
        }
        int length = NoteText.utf8(format(text, signatures)).length;
        if (length > Limits.NOTE_BYTES) {
            throw new MalformedNoteException("a note has at most " + Limits.NOTE_BYTES + " bytes, this has " + length);
        }
    }

    /** Checks that {@code text} can be the text of a note. */
    static void requireText(String text) {
        if (!text.endsWith("\n")) {
            throw new MalformedNoteException("the text of a note must end with a line feed");
        }
        NoteText.requireNoControls(text);
        if (NoteText.utf8OrNone(text).isEmpty()) {
            throw new MalformedNoteException(
                    "the text of a note must be Unicode text; it has half of a character pair");
        }
    }

    /**
     * Signs a text by each signer, in this order. A public log signs with an Ed25519 and an ML-DSA-44 key, both named as
     * its origin.
     *
     * @param epochSeconds now, in POSIX seconds, at least 1
     * @throws MalformedNoteException as {@link NoteSigner#sign}
     */
    public static SignedNote sign(String text, long epochSeconds, List<? extends NoteSigner> signers) {
        List<NoteSignature> signatures = new ArrayList<>();
        for (NoteSigner signer : signers) {
            signatures.add(signer.sign(text, epochSeconds));
        }
        return new SignedNote(text, signatures);
    }

    /**
     * Inverse of {@link #format}, of the bytes of a note.
     *
     * @throws MalformedNoteException for any other bytes, naming the place and the rule
     */
    public static SignedNote parse(byte[] note) {
        if (note.length > Limits.NOTE_BYTES) {
            throw new MalformedNoteException(
                    "a note has at most " + Limits.NOTE_BYTES + " bytes, this has " + note.length);
        }
        return parse(NoteText.decode(note).orElseThrow(() -> new MalformedNoteException("a note must be UTF-8")));
    }

    /** {@link #parse(byte[])} of a text. */
    public static SignedNote parse(String note) {
        if (note.length() > Limits.NOTE_BYTES) {
            throw new MalformedNoteException("a note has at most " + Limits.NOTE_BYTES + " bytes");
        }
        NoteText.requireNoControls(note);
        int split = note.lastIndexOf(SPLIT);
        if (split < 0) {
            throw new MalformedNoteException("a note must have an empty line between its text and its signatures");
        }
        return new SignedNote(note.substring(0, split + 1), NoteSignature.parseLines(note.substring(split + 2)));
    }

    /** The note as it is sent and stored. */
    public String format() {
        return format(text, signatures);
    }

    private static String format(String text, List<NoteSignature> signatures) {
        return text + "\n" + NoteSignature.formatLines(signatures);
    }

    /** {@link #format} in UTF-8. */
    public byte[] bytes() {
        return NoteText.utf8(format());
    }

    /** This note with more signatures at its end. Those that it has already are not added again. */
    public SignedNote with(NoteSignature... more) {
        return with(Arrays.asList(more));
    }

    /** {@link #with(NoteSignature...)}. */
    public SignedNote with(Collection<NoteSignature> more) {
        List<NoteSignature> all = new ArrayList<>(signatures);
        for (NoteSignature signature : more) {
            if (!all.contains(signature)) {
                all.add(signature);
            }
        }
        return new SignedNote(text, all);
    }

    /** The signatures that say they are by one of these keys, in order; not verified. */
    public List<NoteSignature> signaturesOf(Collection<NoteKey> keys) {
        return named(signatures, keys);
    }

    private static List<NoteSignature> named(Collection<NoteSignature> signatures, Collection<NoteKey> keys) {
        return signatures.stream()
                .filter(signature -> keys.stream().anyMatch(key -> key.isNamedBy(signature)))
                .toList();
    }

    /**
     * This note with what a witness answered: of each {@code known} key that signed the answer its latest signature, in
     * place of those that the key has here; all others are left out. So a witness adds one line per key, however many it
     * sends.
     *
     * @throws NoteRejected as {@link #verify}, of the answer
     */
    public SignedNote withVerified(Collection<NoteSignature> answer, Collection<NoteKey> known) throws NoteRejected {
        Map<NoteKey, Latest> added = verify(text, answer, known);
        List<NoteSignature> all = new ArrayList<>(signatures);
        all.removeAll(named(signatures, added.keySet()));
        added.values().forEach(one -> all.add(one.signature()));
        return new SignedNote(text, all);
    }

    /**
     * Verifies the signatures of {@code known} keys; those of others are ignored, also when a name or an id alone is that
     * of a known key.
     *
     * @return the keys that signed, at least one, each once with the latest time that it states
     * @throws NoteRejected when a signature under the name and id of a known key is wrong, or there is none
     * @throws IllegalArgumentException when two different keys have the same name and id
     */
    public List<VerifiedSignature> verify(Collection<NoteKey> known) throws NoteRejected {
        return verify(text, signatures, known).values().stream()
                .map(Latest::verified)
                .toList();
    }

    /** A key's signature with the latest time. */
    private record Latest(NoteSignature signature, VerifiedSignature verified) {

        static Latest of(Latest a, Latest b) {
            OptionalLong first = a.verified.epochSeconds();
            OptionalLong second = b.verified.epochSeconds();
            return first.isPresent() && second.isPresent() && first.getAsLong() < second.getAsLong() ? b : a;
        }
    }

    private static Map<NoteKey, Latest> verify(
            String text, Collection<NoteSignature> signatures, Collection<NoteKey> known) throws NoteRejected {
        requireDistinct(known);
        Map<NoteKey, Latest> verified = new LinkedHashMap<>();
        for (NoteSignature signature : signatures) {
            for (NoteKey key : known) {
                if (key.type().isPresent() && key.isNamedBy(signature)) {
                    VerifiedSignature one = key.verify(text, signature)
                            .orElseThrow(() -> new NoteRejected(
                                    NoteRejected.Reason.BAD_SIGNATURE,
                                    "the signature of `" + key.name() + "` (key id " + key.keyIdHex()
                                            + ") does not verify: the note is not to be trusted"));
                    verified.merge(key, new Latest(signature, one), Latest::of);
                    break;
                }
            }
        }
        if (verified.isEmpty()) {
            throw new NoteRejected(
                    NoteRejected.Reason.NO_TRUSTED_SIGNATURE,
                    "none of the note's " + signatures.size() + " signatures is by a known key");
        }
        return verified;
    }

    private static void requireDistinct(Collection<NoteKey> known) {
        Map<String, NoteKey> byId = new LinkedHashMap<>();
        for (NoteKey key : known) {
            NoteKey other = byId.putIfAbsent(key.name() + "+" + key.keyIdHex(), key);
            if (other != null && !other.equals(key)) {
                throw new IllegalArgumentException("two keys are named " + key.name() + " with the key id "
                        + key.keyIdHex() + ": which one signed could not be told");
            }
        }
    }

    /** {@link #format}. */
    @Override
    public String toString() {
        return format();
    }
}
