package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.server.publish.Publication.Sourcing;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gate: which bytes are taken, and in whose words the others are refused. */
class UploadTest {

    private static final String NO_END = "content is not valid WebAssembly: unexpected end-of-file (at offset 0x0)";

    private final TestClock clock = new TestClock();
    private final Author author = Author.of("test:upload", clock);
    private final byte[] content = Wasm.component("content");

    @Test
    void emptyContentIsRefusedAndTheRecordEndsWithTheReferencesWords() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", new byte[0]);
            registry.publish(author, record);
            assertThatThrownBy(() -> registry.upload(author, record, new byte[0]))
                    .isInstanceOf(UploadRefused.BadContent.class)
                    .hasMessage(NO_END);
            assertThat(registry.status(author, record))
                    .contains(new Rejected(
                            record.id(),
                            "content with digest `" + Digest.of() + "` was rejected by policy: " + NO_END));
            assertThat(registry.ledger().publishedSize()).isEqualTo(1);
        }
    }

    @Test
    void contentThatNobodyReleasedMustBeUploadedByWhoeverNamesIt() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord first = author.release("1.0.0", new byte[0]);
            registry.publish(author, first);
            assertThatThrownBy(() -> registry.upload(author, first, new byte[0]))
                    .isInstanceOf(UploadRefused.BadContent.class);
            Author other = Author.of("test:other", clock);
            SignedPackageRecord second = other.release("1.0.0", new byte[0]);
            assertThat(registry.publish(other, second)).isEqualTo(new Sourcing(second.id(), Set.of(Digest.of())));
        }
    }

    @Test
    void coreModulesAreRefusedWhereTheyAreNotAllowed() throws Exception {
        refusesWhereNotAllowed("publish.allow-modules", Wasm.coreModule("m"), "WebAssembly modules are not allowed");
    }

    @Test
    void componentsAreRefusedWhereTheyAreNotAllowed() throws Exception {
        refusesWhereNotAllowed("publish.allow-components", content, "WebAssembly components are not allowed");
    }

    private void refusesWhereNotAllowed(String setting, byte[] bytes, String words) throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock, setting, "false")) {
            SignedPackageRecord record = author.release("1.0.0", bytes);
            registry.publish(author, record);
            assertThatThrownBy(() -> registry.upload(author, record, bytes))
                    .isInstanceOf(UploadRefused.BadContent.class)
                    .hasMessage(words);
            assertThat(registry.status(author, record))
                    .contains(new Rejected(
                            record.id(),
                            "content with digest `" + Digest.of(bytes) + "` was rejected by policy: " + words));
        }
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.continueBehind(null).release("1.0.0", bytes);
            registry.publish(author, record);
            assertThat(registry.upload(author, record, bytes)).isInstanceOf(Published.class);
        }
    }

    @Test
    void otherBytesThanNamedKeepTheRecordSourcing() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            byte[] others = Wasm.component("others");
            assertThatThrownBy(() -> registry.upload(author, record, Digest.of(content), others))
                    .isInstanceOf(UploadRefused.WrongContent.class)
                    .hasMessageContaining(Digest.of(others).toString())
                    .hasMessageContaining(Digest.of(content).toString());
            requireStillSourcing(registry, record);
            assertThat(registry.storage().contents().find(Digest.of(others))).isEmpty();
        }
    }

    @Test
    void tooManyBytesKeepTheRecordSourcing() throws Exception {
        int limit = content.length - 1;
        try (BareRegistry registry = BareRegistry.open(clock, "publish.max-content", limit + "B")) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            assertThatThrownBy(() -> registry.upload(author, record, content))
                    .isInstanceOf(UploadRefused.TooLarge.class)
                    .hasMessageContaining("larger than the " + limit + " bytes");
            assertThat(registry.status(author, record)).containsInstanceOf(Sourcing.class);
        }
        try (BareRegistry registry = BareRegistry.open(clock, "publish.max-content", content.length + "B")) {
            SignedPackageRecord record = author.continueBehind(null).release("1.0.0", content);
            registry.publish(author, record);
            assertThat(registry.upload(author, record, content)).isInstanceOf(Published.class);
        }
    }

    @Test
    void uploadThatBreaksOffKeepsTheRecordSourcing() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            registry.publish(author, record);
            FilterInputStream broken = new FilterInputStream(new ByteArrayInputStream(content)) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    throw new IOException("connection reset");
                }
            };
            assertThatThrownBy(
                            () -> registry.publishing().upload(author.log(), record.id(), Digest.of(content), broken))
                    .isInstanceOf(IOException.class);
            requireStillSourcing(registry, record);
        }
    }

    private void requireStillSourcing(BareRegistry registry, SignedPackageRecord record) throws Exception {
        assertThat(registry.status(author, record)).contains(new Sourcing(record.id(), Set.of(Digest.of(content))));
        assertThat(registry.storage().contents().find(Digest.of(content))).isEmpty();
        assertThat(registry.upload(author, record, content)).isEqualTo(new Published(record.id(), 1));
    }

    @Test
    void contentThatNoRecordWaitsForIsNotRead() throws Exception {
        try (BareRegistry registry = BareRegistry.open(clock)) {
            SignedPackageRecord record = author.release("1.0.0", content);
            byte[] others = Wasm.component("others");
            assertThatThrownBy(() -> registry.upload(author, record, content))
                    .isInstanceOfSatisfying(
                            UploadRefused.UnknownRecord.class,
                            refused -> assertThat(refused.recordId()).isEqualTo(record.id()));
            registry.publish(author, record);
            assertThatThrownBy(() -> registry.upload(author, record, others))
                    .isInstanceOf(UploadRefused.NotSourcing.class);
            assertThatThrownBy(() -> registry.upload(Author.of("test:other", clock), record, content))
                    .isInstanceOf(UploadRefused.UnknownRecord.class);
            assertThat(registry.storage().contents().find(Digest.of(others))).isEmpty();
            registry.upload(author, record, content);
            assertThatThrownBy(() -> registry.upload(author, record, content))
                    .isInstanceOf(UploadRefused.NotSourcing.class);
        }
    }
}
