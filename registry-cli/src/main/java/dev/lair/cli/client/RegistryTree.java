package dev.lair.cli.client;

import dev.lair.cli.report.ExitCode;
import dev.lair.cli.report.Fault;
import dev.lair.registry.tree.MalformedBundleException;
import dev.lair.registry.tree.RecordBundle;
import dev.lair.registry.tree.RegistryConfig;
import dev.lair.registry.tree.TreePaths;
import dev.lair.registry.warg.MalformedBodyException;
import dev.lair.registry.warg.WargJson;
import dev.lair.signing.SignedRecord;
import dev.lair.signing.note.MalformedNoteException;
import dev.lair.signing.note.SignedNote;
import dev.lair.transparency.EntryBundle;
import dev.lair.transparency.LogId;
import dev.lair.transparency.LogLeaf;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.Sha256Value;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TilePath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The part of a registry that is static files: logs as C2SP's tlog-tiles lays them out, bundles of records, the
 * configuration (paths in {@link TreePaths}). What comes out is well formed; whether it is true is not asked here.
 *
 * <p>A partial tile or bundle may be gone once the full one exists; then the beginning of the full one is taken. Safe for
 * use by several threads.
 */
public final class RegistryTree {

    private final RegistryClient client;

    public RegistryTree(RegistryClient client) {
        this.client = client;
    }

    /**
     * The newest signed checkpoint of a log.
     *
     * @param log prefix, {@link TreePaths#LOG} or {@link TreePaths#EVIDENCE}
     */
    public SignedNote checkpoint(String log) throws Fault, RegistryRefused {
        String path = log + "/checkpoint";
        try {
            return SignedNote.parse(client.file(path, true, Limits.CHECKPOINT_BYTES));
        } catch (MalformedNoteException e) {
            throw malformed(path, "a signed checkpoint", e);
        }
    }

    /** The first {@code width} hashes of a tile, 32 bytes each. */
    public byte[] tile(String log, TileId tile, int width) throws Fault, RegistryRefused {
        int wanted = width * Sha256Value.LENGTH;
        byte[] hashes = first(
                        TreePaths.tile(log, tile.path(width)),
                        TreePaths.tile(log, tile.path(Tile.WIDTH)),
                        Tile.FULL_BYTES)
                .body();
        if (hashes.length != wanted && hashes.length != Tile.FULL_BYTES) {
            throw ExitCode.UNVERIFIED.fault("the registry is not believed: its tile "
                    + tile.path(width).format() + " has " + hashes.length + " bytes, not " + wanted);
        }
        return Arrays.copyOf(hashes, wanted);
    }

    /** The entries {@code [256n, 256n + width)} of a log. */
    public List<byte[]> entries(String log, long n, int width) throws Fault, RegistryRefused {
        String path = TreePaths.tile(log, new TilePath.Entries(n, width));
        Body body = first(path, TreePaths.tile(log, new TilePath.Entries(n, Tile.WIDTH)), Limits.ENTRY_BUNDLE_BYTES);
        try {
            return EntryBundle.parse(body.body(), body.full() ? Tile.WIDTH : width)
                    .subList(0, width);
        } catch (MalformedTileException e) {
            throw malformed(path, "a bundle of " + width + " entries", e);
        }
    }

    /** The records {@code [256n, 256n + width)} of the registry. */
    public List<SignedRecord> records(long n, int width) throws Fault, RegistryRefused {
        String path = TreePaths.records(n, width);
        Body body = first(path, TreePaths.records(n, RecordBundle.RECORDS), Limits.RECORD_BUNDLE_BYTES);
        try {
            return RecordBundle.parse(body.body(), body.full() ? RecordBundle.RECORDS : width)
                    .subList(0, width);
        } catch (MalformedBundleException e) {
            throw malformed(path, "a bundle of " + width + " records", e);
        }
    }

    /** What the registry says of itself. */
    public RegistryConfig config() throws Fault, RegistryRefused {
        try {
            return WargJson.readReply(client.file(TreePaths.CONFIG, true, Limits.CONFIG_BYTES), RegistryConfig.class);
        } catch (MalformedBodyException e) {
            throw malformed(TreePaths.CONFIG, "a registry's configuration", e);
        }
    }

    /**
     * The leaf that an entry of the main log is.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static LogLeaf leaf(byte[] entry) {
        // Two texts of 71 characters behind a prefix, each behind its length; encoding again checks all the rest.
        String text = new String(entry, StandardCharsets.ISO_8859_1);
        int second = LogLeaf.ENCODED_LENGTH - Sha256Value.TEXT_LENGTH;
        int first = second - 1 - Sha256Value.TEXT_LENGTH;
        if (entry.length != LogLeaf.ENCODED_LENGTH) {
            throw new IllegalArgumentException("a leaf has " + LogLeaf.ENCODED_LENGTH + " bytes, not " + entry.length);
        }
        LogLeaf leaf = new LogLeaf(
                LogId.parse(text.substring(first, first + Sha256Value.TEXT_LENGTH)),
                RecordId.parse(text.substring(second)));
        if (!Arrays.equals(leaf.encode(), entry)) {
            throw new IllegalArgumentException("a leaf names a log and a record, each behind its length");
        }
        return leaf;
    }

    /** A body, and whether it is the full one although a part was asked for. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Body(byte[] body, boolean full) {}

    private Body first(String path, String full, long maxBytes) throws Fault, RegistryRefused {
        try {
            return new Body(client.file(path, false, maxBytes), path.equals(full));
        } catch (RegistryRefused refused) {
            if (refused.status() != 404 || path.equals(full)) {
                throw refused;
            }
            return new Body(client.file(full, false, maxBytes), true);
        }
    }

    private static Fault malformed(String path, String what, Exception why) {
        return ExitCode.UNVERIFIED.fault(
                "the registry is not believed: its /" + path + " is not " + what + ": " + why.getMessage(), why);
    }
}
