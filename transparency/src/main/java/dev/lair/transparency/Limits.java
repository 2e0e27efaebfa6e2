package dev.lair.transparency;

/** Every limit of this module, each with its reason. */
public final class Limits {

    /**
     * Largest log that warg's proof bundles can name: node numbers are unsigned 32-bit, and leaf i is node 2i
     * (transparency log, section 4). Tiles and RFC 9162 proofs go on to 2^63 - 1.
     */
    public static final long MAX_WARG_LOG_LENGTH = 1L << 31;

    /** Bits of a map path, and so the most siblings that a map proof can have. */
    public static final int MAP_DEPTH = 256;

    /** Longest proof bundle that is parsed: 1,000 map proofs of 256 siblings take 9.2 MB. */
    public static final int MAX_BUNDLE_BYTES = 16 << 20;

    /** Most proofs in one map bundle: an empty proof takes 2 bytes, so the length alone bounds too little. */
    public static final int MAX_MAP_PROOFS = 100_000;

    /** Highest tile level: 64 levels of 8 cover more leaves than a 63-bit size can count (tlog-tiles). */
    public static final int MAX_TILE_LEVEL = 63;

    /** Longest entry of an entry bundle: its length is framed in 16 bits (tlog-tiles). */
    public static final int MAX_ENTRY_BYTES = 0xffff;

    /** Most hashes of an inclusion or consistency proof that a text may hold: a 63-bit size has no more levels. */
    public static final int MAX_PROOF_HASHES = 63;

    /** Longest .tlog-proof: 1 Mi of base64 for the record, 1 MiB for the checkpoint, 3 Ki for the hashes, and room. */
    public static final int MAX_TLOG_PROOF_CHARS = 4 << 20;

    /**
     * Most bytes of extra data that every reader of a .tlog-proof takes. Readers in Go scan it by lines of less than 64
     * KiB: {@code extra}, a space, the base64 of so many bytes and the line feed are 65,535 bytes, with one byte more
     * they are 65,539.
     */
    public static final int PORTABLE_EXTRA_BYTES = 49_146;

    /** Tiles that a {@link TileNodes} keeps: about 16 KiB each, and a proof at 2^32 leaves touches at most 8. */
    static final int CACHED_TILES = 32;

    /**
     * Depths at which a {@link MapLeaf} holds its hash ready: 2 KiB, while a map of a billion keys has lone leaves at
     * depth 30 to 60.
     */
    static final int PREPARED_DEPTHS = 64;

    private Limits() {}
}
