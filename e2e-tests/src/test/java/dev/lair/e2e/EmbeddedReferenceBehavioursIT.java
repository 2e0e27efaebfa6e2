package dev.lair.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.openapi.warg.model.PackageRecord;
import dev.lair.openapi.warg.model.RecordState;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.signing.SignedCheckpoint;
import dev.lair.transparency.Digest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** On SQLite, which adds what the reference's PostgreSQL tests say: a restart forgets nothing, rejections take no index. */
class EmbeddedReferenceBehavioursIT extends ReferenceBehaviours {

    @Override
    String storage() {
        return "embedded";
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void everythingSurvivesARestartAndRejectedRecordsTakeNoIndex() throws Exception {
        PackageAuthor author = new PackageAuthor(Keys.BOB, "test:survivor");
        byte[] first = Wasm.module("survivor 1");
        long firstLeaf = registry().publish(author.name(), author.release("1.0.0", first), first);
        SignedPackageRecord rejected = author.draft(PackageAuthor.releaseEntry("1.0.0", Wasm.module("other bytes")));
        PackageRecord answer = registry().submit(author.name(), rejected);
        assertThat(answer.getState()).isEqualTo(RecordState.REJECTED);
        byte[] waiting = Wasm.module("survivor 2");
        SignedPackageRecord sourcing = author.release("2.0.0", waiting);
        assertThat(registry().submit(author.name(), sourcing).getState()).isEqualTo(RecordState.SOURCING);
        SignedCheckpoint seen = registry().checkpoint();
        Registry.State before = registry().state();

        assertThat(server().stop()).as("exit code after SIGTERM").isIn(0, 143);
        replaceServer(startOpen());

        assertThat(registry().state()).isEqualTo(before);
        PackageRecord remembered = registry().status(author.name(), rejected);
        assertThat(remembered.getState()).isEqualTo(RecordState.REJECTED);
        assertThat(remembered.getReason()).isEqualTo(answer.getReason());
        assertThat(registry().download(Digest.of(first))).isEqualTo(first);
        long nextLeaf = registry().publish(author.name(), sourcing, waiting);
        assertThat(nextLeaf).isEqualTo(before.checkpoint().logLength());
        assertThat(nextLeaf).as("only published records have an index").isGreaterThan(firstLeaf);
        Audit audit = Audit.of(registry());
        audit.extendsCheckpoint(registry(), seen);
        assertThat(audit.packageLog(author.name()).releases()).hasSize(2);
    }
}
