package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.Frontier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceBatchTest {

    private final EvidenceScript script = new EvidenceScript();

    @Test
    void emptyBatchIsRefused() {
        assertThatThrownBy(() -> new EvidenceBatch(List.of(), List.of(), Frontier.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void entryThatNoBundleCanHoldIsRefused() {
        List<byte[]> tooLong = List.of(new byte[EvidenceBatch.MAX_ENTRY_BYTES + 1]);
        assertThatThrownBy(() -> new EvidenceBatch(tooLong, List.of(), Frontier.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536");
    }

    @Test
    void tilesMayComeInAnyOrderButOnlyThoseCompleted() {
        EvidenceBatch batch = script.next(512);
        assertThatCode(() -> new EvidenceBatch(batch.entries(), batch.tiles().reversed(), batch.next())
                        .requireFollows(Frontier.empty()))
                .doesNotThrowAnyException();
        List<FullTile> more = new ArrayList<>(batch.tiles());
        more.add(new FullTile(0, 2, new byte[FullTile.LENGTH]));
        assertThatThrownBy(
                        () -> new EvidenceBatch(batch.entries(), more, batch.next()).requireFollows(Frontier.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
