package dev.lair.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerBatchTest {

    private final LedgerScript script = new LedgerScript();

    @Test
    void emptyBatchIsRefused() {
        assertThatThrownBy(() -> new LedgerBatch(List.of(), List.of(), LedgerState.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordTwiceInABatchIsRefused() {
        NewEntry entry = LedgerScript.entry(0, "twice");
        assertThatThrownBy(() -> script.next(List.of(entry, entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(entry.recordId().toString());
    }

    @Test
    void logNamedTwiceInABatchIsRefused() {
        List<NewEntry> entries = new ArrayList<>();
        for (String text : List.of("one", "two")) {
            NewEntry plain = LedgerScript.entry(0, text);
            entries.add(new NewEntry(plain.logId(), plain.recordId(), plain.record(), "test:a", List.of()));
        }
        assertThatThrownBy(() -> script.next(entries))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("named twice");
    }

    @Test
    void tilesMayComeInAnyOrderButOnlyThoseCompleted() {
        LedgerBatch batch = script.next(1024);
        List<FullTile> reversed = batch.tiles().reversed();
        assertThatCode(() -> new LedgerBatch(batch.entries(), reversed, batch.next()).requireFollows(LedgerState.EMPTY))
                .doesNotThrowAnyException();

        List<FullTile> more = new ArrayList<>(batch.tiles());
        more.add(new FullTile(0, 4, new byte[FullTile.LENGTH]));
        assertThatThrownBy(() -> new LedgerBatch(batch.entries(), more, batch.next()).requireFollows(LedgerState.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        List<FullTile> twice = new ArrayList<>(batch.tiles());
        twice.set(1, twice.get(0));
        assertThatThrownBy(
                        () -> new LedgerBatch(batch.entries(), twice, batch.next()).requireFollows(LedgerState.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tilesThatCannotExistAreRefused() {
        byte[] bytes = new byte[FullTile.LENGTH];
        assertThatThrownBy(() -> new FullTile(7, 0, bytes)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FullTile(-1, 0, bytes)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FullTile(0, -1, bytes)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FullTile(6, 127, bytes)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FullTile(0, 0, new byte[FullTile.LENGTH - 32]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatCode(() -> new FullTile(6, 126, bytes)).doesNotThrowAnyException();
    }
}
