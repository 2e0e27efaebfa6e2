package dev.lair.registry.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.transparency.MalformedTileException;
import dev.lair.transparency.RecordId;
import dev.lair.transparency.TileId;
import dev.lair.transparency.TilePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One spelling for each path of the static tree. */
class TreePathsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 256, records/000",
        "0, 1, records/000.p/1",
        "67, 255, records/067.p/255",
        "1234067, 256, records/x001/x234/067",
        "1234067, 8, records/x001/x234/067.p/8"
    })
    void recordBundlesLieAtTheirNumberInGroupsOfThree(long n, int width, String path) {
        assertThat(TreePaths.records(n, width)).isEqualTo(path);
        assertThat(TreePaths.parseRecords(path.substring("records/".length())))
                .isEqualTo(new TilePath.Entries(n, width));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "00",
                "0000",
                "000/",
                "/000",
                "000.p/0",
                "000.p/256",
                "000.p/01",
                "000.p",
                "x000/000",
                "-01",
                "%30%30%30",
                "000.p/1/2",
                "x001/234/067",
                "999/999",
                "x001/x234/06７"
            })
    void otherSpellingIsRefused(String path) {
        assertThatThrownBy(() -> TreePaths.parseRecords(path)).isInstanceOf(MalformedTileException.class);
    }

    @Test
    void tilesLieBelowTheirLog() {
        assertThat(TreePaths.tile(TreePaths.LOG, new TilePath.Hashes(new TileId(1, 67), 3)))
                .isEqualTo("log/tile/1/067.p/3");
        assertThat(TreePaths.tile(TreePaths.EVIDENCE, new TilePath.Entries(0, 256)))
                .isEqualTo("evidence/tile/entries/000");
    }

    @Test
    void proofsLieAtTheirPackage() {
        PackageName name = PackageName.parse("acme:widgets");
        assertThat(TreePaths.releaseProof(name, SemVer.parse("1.0.0-RC.1")))
                .isEqualTo("package/acme/widgets/1.0.0-RC.1.tlog-proof");
        assertThat(TreePaths.mapProof(name)).isEqualTo("proof/map/acme/widgets");
        assertThat(TreePaths.recordProof(RecordId.parse("sha256:" + "0a".repeat(32))))
                .isEqualTo("proof/record/sha256-" + "0a".repeat(32) + ".tlog-proof");
    }
}
