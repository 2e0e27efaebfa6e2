package dev.lair.server.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.tree.RegistryConfig;
import dev.lair.storage.Publication;
import dev.lair.transparency.CheckpointEvidence;
import dev.lair.transparency.CheckpointText;
import dev.lair.transparency.EntryBundle;
import dev.lair.transparency.Frontier;
import dev.lair.transparency.MerkleHash;
import dev.lair.transparency.Tile;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TileNodes;
import dev.lair.transparency.TilePath;
import dev.lair.transparency.TileSource;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code log/**} and {@code evidence/**}: checkpoints, tiles and entry bundles (c2sp.org/tlog-tiles). */
class LogTest extends TreeHttpTest {

    private RegistryConfig.LogConfig log(String prefix) {
        return prefix.equals("log") ? config().log() : config().evidence();
    }

    private CheckpointText checkpoint(String prefix) {
        return verified(get(prefix + "/checkpoint").requireOk().text(), log(prefix));
    }

    /** Tiles as a client gets them: full ones whole, the right edge at exactly its width. */
    private TileSource tiles(String prefix) {
        return new TileSource() {
            @Override
            public byte[] fullTile(int level, long n) {
                return body(new TileId(level, n).path(Tile.WIDTH));
            }

            @Override
            public byte[] leafHashes(long first, int count) {
                return body(new TileId(0, first >> Tile.HEIGHT).path(count));
            }

            @Override
            public byte[] partialTile(int level, long n, int width) {
                return body(new TileId(level, n).path(width));
            }

            private byte[] body(TilePath path) {
                return get(prefix + "/" + path.format()).requireOk().bytes();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "evidence"})
    void checkpointIsTheNewestNoteSignedByBothKeys(String prefix) {
        Reply reply = get(prefix + "/checkpoint").requireOk();
        Publication newest = ledger.publication().orElseThrow();
        assertThat(reply.text())
                .isEqualTo(
                        prefix.equals("log")
                                ? newest.notes().log()
                                : newest.notes().evidence());
        assertThat(verified(reply.text(), log(prefix)).treeSize())
                .isEqualTo(
                        prefix.equals("log")
                                ? newest.treeSize()
                                : newest.notes().evidenceSize());
        assertThat(log(prefix).keys()).hasSize(2);
        assertThat(reply.header("content-type")).contains(TEXT);
        assertThat(reply.header("cache-control")).contains("no-cache");
    }

    @Test
    void knownCheckpointIsAnsweredWithNotModified() {
        String tag = get("log/checkpoint").header("etag").orElseThrow();
        Reply same = get("log/checkpoint", "if-none-match", tag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.bytes()).isEmpty();
        assertThat(same.header("etag")).contains(tag);
        assertThat(get("evidence/checkpoint", "if-none-match", tag).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "evidence"})
    void tilesLeadToTheRootOfTheCheckpoint(String prefix) {
        CheckpointText checkpoint = checkpoint(prefix);
        assertThat(checkpoint.treeSize()).isGreaterThan(Tile.WIDTH);
        TileNodes nodes = new TileNodes(tiles(prefix), checkpoint.treeSize());
        assertThat(Frontier.read(nodes, checkpoint.treeSize()).root()).isEqualTo(checkpoint.root());
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "evidence"})
    void everyTileOfTheCheckpointIsThere(String prefix) {
        long size = checkpoint(prefix).treeSize();
        for (TilePath.Hashes partial : Tile.partialTiles(size)) {
            assertThat(get(prefix + "/" + partial.format()).requireOk().bytes()).hasSize(32 * partial.width());
        }
        assertThat(get(prefix + "/tile/0/000").requireOk().bytes()).hasSize(Tile.FULL_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "evidence"})
    void entriesHashToTheLowestTiles(String prefix) {
        long size = checkpoint(prefix).treeSize();
        List<byte[]> entries = new ArrayList<>(
                EntryBundle.parse(get(prefix + "/tile/entries/000").requireOk().bytes(), Tile.WIDTH));
        int rest = (int) size - Tile.WIDTH;
        entries.addAll(EntryBundle.parse(
                get(prefix + "/tile/entries/001.p/" + rest).requireOk().bytes(), rest));
        Frontier tree = Frontier.empty();
        for (byte[] entry : entries) {
            tree = tree.append(MerkleHash.leaf(entry));
        }
        assertThat(tree.root()).isEqualTo(checkpoint(prefix).root());
    }

    @Test
    void lastEntryOfTheEvidenceStatesTheCheckpointWithItsMap() {
        Publication newest = ledger.publication().orElseThrow();
        long last = newest.notes().evidenceSize() - 1;
        int width = (int) (last % Tile.WIDTH) + 1;
        byte[] entry = EntryBundle.parse(
                        get("evidence/" + new TilePath.Entries(last / Tile.WIDTH, width).format())
                                .requireOk()
                                .bytes(),
                        width)
                .getLast();
        assertThat(CheckpointEvidence.parse(entry))
                .isEqualTo(CheckpointEvidence.of(
                        config().log().origin(), newest.checkpoint().contents().checkpoint()));
    }

    @ParameterizedTest
    @CsvSource({"log, 0", "log, entries", "evidence, 0", "evidence, entries"})
    void partialIsAPrefixOfTheFullOneAtEveryWidth(String prefix, String level) {
        String path = prefix + "/tile/" + level + "/000";
        byte[] full = get(path).requireOk().bytes();
        for (int width = 1; width < Tile.WIDTH; width += width < 10 || width > 245 ? 1 : 17) {
            byte[] partial = get(path + ".p/" + width).requireOk().bytes();
            assertThat(partial).isEqualTo(Arrays.copyOf(full, partial.length));
            assertThat(
                            level.equals("0")
                                    ? partial.length / 32
                                    : EntryBundle.parse(partial, width).size())
                    .isEqualTo(width);
        }
    }

    @ParameterizedTest
    @CsvSource({"log, 0", "log, entries", "evidence, 0", "evidence, entries"})
    void nothingIsThereBeyondTheCheckpoint(String prefix, String level) {
        int rest = (int) checkpoint(prefix).treeSize() - Tile.WIDTH;
        String path = prefix + "/tile/" + level + "/001";
        get(path + ".p/" + rest).requireOk();
        get(path + ".p/" + (rest + 1)).requireNotFound();
        get(path + ".p/255").requireNotFound();
        get(path).requireNotFound();
        get(prefix + "/tile/" + level + "/002.p/1").requireNotFound();
        get(prefix + "/tile/" + level + "/x999/x999/x999/x999/x999/999").requireNotFound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"log/tile/1/000", "log/tile/1/000.p/2", "log/tile/2/000.p/1", "log/tile/63/000.p/1"})
    void upperTileThatTheTreeIsTooSmallForIsNotThere(String path) {
        get(path).requireNotFound();
    }

    @Test
    void upperTileHoldsTheRootsOfTheTilesBelow() {
        byte[] upper = get("log/tile/1/000.p/1").requireOk().bytes();
        assertThat(upper).isEqualTo(Tile.root(get("log/tile/0/000").bytes()).bytes());
    }

    @Test
    void tilesMayBeKept() {
        for (String full : List.of("log/tile/0/000", "evidence/tile/entries/000")) {
            Reply reply = get(full).requireOk();
            assertThat(reply.header("content-type")).contains("application/octet-stream");
            assertThat(reply.header("cache-control")).contains("max-age=604800, public, immutable");
        }
        assertThat(get("log/tile/0/000.p/7").header("cache-control")).contains("max-age=3600, public, immutable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log/tile",
                "log/tile/",
                "log/tile/0",
                "log/tile/0/",
                "log/tile/0/0",
                "log/tile/0/0000",
                "log/tile/0/000/",
                "log/tile/00/000",
                "log/tile/64/000",
                "log/tile/-1/000",
                "log/tile/0/000.p",
                "log/tile/0/000.p/",
                "log/tile/0/000.p/0",
                "log/tile/0/000.p/01",
                "log/tile/0/000.p/256",
                "log/tile/0/x000/000",
                "log/tile/0/000/000",
                "log/tile/entries",
                "log/tile/entry/000",
                "log/tile/8/0/000",
                "log/tile/0/%30%30%30",
                "log/tile/0/000%2ep/1",
                "log/til%65/0/000",
                "evidence/tile/data/000"
            })
    void otherSpellingIsNotThere(String path) {
        Reply reply = get(path);
        assertThat(reply.status()).as(path).isEqualTo(404);
        assertThat(reply.header("content-type")).contains("application/json");
    }

    @Test
    void headGivesTheHeadersAlone() {
        for (String path : List.of("log/checkpoint", "log/tile/0/000", "log/tile/entries/000", "config.json")) {
            Reply get = get(path).requireOk();
            Reply head = send("HEAD", path);
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.bytes()).isEmpty();
            assertThat(head.header("content-length")).contains(Integer.toString(get.bytes().length));
            assertThat(head.header("content-type")).isEqualTo(get.header("content-type"));
            assertThat(head.header("cache-control")).isEqualTo(get.header("cache-control"));
        }
        assertThat(send("HEAD", "log/tile/0/002.p/1").status()).isEqualTo(404);
    }

    @Test
    void pagesOfOtherSitesMayReadAndAskFirst() {
        Reply reply = send(HttpRequest.newBuilder(uri("log/tile/0/000"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .headers(
                        "origin", "https://elsewhere.example",
                        "access-control-request-method", "GET",
                        "access-control-request-headers", "if-none-match"));
        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("access-control-allow-methods")).contains("GET, HEAD");
        assertThat(reply.header("access-control-allow-headers")).contains("*");
        Reply got = get("log/checkpoint", "origin", "https://elsewhere.example").requireOk();
        assertThat(got.header("access-control-allow-credentials")).isEmpty();
        assertThat(got.header("access-control-expose-headers").orElse("")).contains("ETag");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void treeIsOnlyRead(String method) {
        for (String path : List.of("log/checkpoint", "log/tile/0/000", "records/000", "config.json")) {
            Reply reply = send(method, path);
            assertThat(reply.status()).isEqualTo(405);
            assertThat(reply.header("allow").orElse("")).contains("GET");
        }
    }
}
