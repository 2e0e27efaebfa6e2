package dev.lair.transparency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A proof that can be checked offline: where an entry stands in a log, and the cosigned checkpoint that covers it
 * (c2sp.org/tlog-proof; transparency log, section 1). Kept in files named {@code *.tlog-proof}.
 *
 * <pre>
 * c2sp.org/tlog-proof@v1 LF
 * extra BASE64 LF            optional, never empty; NOT authenticated by the proof
 * index INDEX LF             decimal, no leading zeros
 * (BASE64(hash) LF)*         siblings from the leaf to the root, at most 63
 * LF
 * NOTE                       the signed checkpoint, as the log published it
 * </pre>
 *
 * {@link #parse} and {@link #format} are inverses. To check one: verify the note (signing module), then
 * {@code inclusion(size).verify(leaf, root)} with the size and root that the note states.
 */
public final class TlogProof {

    private static final String MAGIC = "c2sp.org/tlog-proof@v1";
    private static final String HEADER = MAGIC + "\n";
    private static final String EXTRA = "extra ";
    private static final String INDEX = "index ";

    private final byte @Nullable [] extra;
    private final long index;
    private final List<NodeHash> hashes;
    private final String checkpoint;

    private TlogProof(byte @Nullable [] extra, long index, List<NodeHash> hashes, String checkpoint) {
        this.extra = extra;
        this.index = index;
        this.hashes = List.copyOf(hashes);
        this.checkpoint = checkpoint;
    }

    /**
     * A proof without extra data.
     *
     * @param inclusion the entry's place in the tree that {@code checkpoint} covers
     * @param checkpoint the signed checkpoint, a note: starts with its origin and ends with a line feed
     */
    public static TlogProof of(InclusionProof inclusion, String checkpoint) {
        requireNote(checkpoint).ifPresent(rule -> {
            throw new IllegalArgumentException(rule);
        });
        if (inclusion.leafIndex() < 0 || inclusion.hashes().size() > Limits.MAX_PROOF_HASHES) {
            throw new IllegalArgumentException("no log has a leaf " + inclusion.leafIndex() + " with "
                    + inclusion.hashes().size() + " hashes above it");
        }
        return new TlogProof(null, inclusion.leafIndex(), inclusion.hashes(), checkpoint);
    }

    /** This proof with data that helps to find or rebuild the entry, at least one byte. The array is copied. */
    public TlogProof withExtra(byte[] data) {
        if (data.length == 0) {
            throw new IllegalArgumentException("extra data is left out, not empty");
        }
        return new TlogProof(data.clone(), index, hashes, checkpoint);
    }

    /**
     * This proof with such data if every reader takes that much ({@link Limits#PORTABLE_EXTRA_BYTES}), else as it is: a
     * proof without extra data can still be checked by who has the entry, one that cannot be read by nobody.
     */
    public TlogProof withPortableExtra(byte[] data) {
        return data.length > Limits.PORTABLE_EXTRA_BYTES ? this : withExtra(data);
    }

    /** Data that nobody vouches for: whoever stores or sends the proof may change it. */
    public Optional<byte[]> extra() {
        return Optional.ofNullable(extra).map(byte[]::clone);
    }

    /** 0-based position of the entry in the log. */
    public long index() {
        return index;
    }

    /** Siblings from the leaf to the root. */
    public List<NodeHash> hashes() {
        return hashes;
    }

    /** The signed checkpoint exactly as it stands in the proof. */
    public String checkpoint() {
        return checkpoint;
    }

    /** The inclusion proof for the tree size that the checkpoint states, once its signatures are verified. */
    public InclusionProof inclusion(long treeSize) {
        return new InclusionProof(index, treeSize, hashes);
    }

    /**
     * Inverse of {@link #format}.
     *
     * @throws ProofRejected when the text is anything else; the message names the line and the rule
     */
    public static TlogProof parse(String text) throws ProofRejected {
        if (text.length() > Limits.MAX_TLOG_PROOF_CHARS) {
            throw new ProofRejected("a .tlog-proof has at most " + Limits.MAX_TLOG_PROOF_CHARS + " characters");
        }
        // Step 1: the first line says what it is.
        if (!text.startsWith(HEADER)) {
            throw malformed(1, "must be " + MAGIC);
        }
        // Step 2: the lines up to the first empty line are the proof, all after it is the checkpoint.
        int end = text.indexOf("\n\n", HEADER.length() - 1);
        if (end < HEADER.length()) {
            throw new ProofRejected("malformed .tlog-proof: an empty line must stand between proof and checkpoint");
        }
        String[] lines = text.substring(0, end).split("\n", -1);
        String checkpoint = text.substring(end + 2);
        Optional<String> broken = requireNote(checkpoint);
        if (broken.isPresent()) {
            throw malformed(lines.length + 2, broken.get());
        }
        // Step 3: extra data, when there is any.
        int at = 1;
        byte[] extra = null;
        if (lines[at].startsWith(EXTRA)) {
            extra = extra(lines[at]);
            at++;
        }
        // Step 4: the index.
        long index = index(lines, at);
        at++;
        // Step 5: the hashes.
        if (lines.length - at > Limits.MAX_PROOF_HASHES) {
            throw malformed(at + 1, "starts more than " + Limits.MAX_PROOF_HASHES + " hashes");
        }
        List<NodeHash> hashes = new ArrayList<>();
        for (; at < lines.length; at++) {
            hashes.add(hash(lines, at));
        }
        return new TlogProof(extra, index, hashes, checkpoint);
    }

    private static byte[] extra(String line) throws ProofRejected {
        try {
            byte[] extra = StrictBase64.decode(line.substring(EXTRA.length()));
            if (extra.length > 0) {
                return extra;
            }
        } catch (MalformedBase64Exception notBase64) {
            // falls through: said the same way
        }
        throw malformed(2, "must be `extra ` and canonical base64 of at least one byte");
    }

    private static long index(String[] lines, int at) throws ProofRejected {
        OptionalLong index = at < lines.length && lines[at].startsWith(INDEX)
                ? DecimalText.parse(lines[at].substring(INDEX.length()))
                : OptionalLong.empty();
        if (index.isEmpty()) {
            throw malformed(at + 1, "must be `index ` and decimal digits without leading zeros, below 2^63");
        }
        return index.getAsLong();
    }

    private static NodeHash hash(String[] lines, int at) throws ProofRejected {
        try {
            return NodeHash.parseBase64(lines[at]);
        } catch (MalformedDigestException e) {
            throw malformed(at + 1, "must be a hash: 32 bytes in canonical base64");
        }
    }

    /** What is wrong with a note, as far as this format goes. */
    private static Optional<String> requireNote(String note) {
        return note.startsWith("\n") || !note.endsWith("\n")
                ? Optional.of("must start the signed checkpoint, whose last line ends with a line feed")
                : Optional.empty();
    }

    private static ProofRejected malformed(int line, String rule) {
        return new ProofRejected("malformed .tlog-proof: line " + line + " " + rule);
    }

    /** The text. */
    public String format() {
        StringBuilder text = new StringBuilder(HEADER);
        if (extra != null) {
            text.append(EXTRA).append(StrictBase64.encode(extra)).append('\n');
        }
        text.append(INDEX).append(index).append('\n');
        hashes.forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlogProof that
                && index == that.index
                && hashes.equals(that.hashes)
                && checkpoint.equals(that.checkpoint)
                && Arrays.equals(extra, that.extra);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(index) + checkpoint.hashCode();
    }

    /** {@link #format}. */
    @Override
    public String toString() {
        return format();
    }
}
