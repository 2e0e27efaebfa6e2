package dev.lair.server.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.SemVer;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.Wits;
import dev.lair.server.gate.ToldRelease.Part;
import dev.lair.server.publish.BareRegistry;
import dev.lair.server.publish.Publication;
import dev.lair.storage.FactStore;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The tag of what is told of a release: what it costs, and what changes it. */
class ReleaseTagTest {

    private static final byte[] CONTENT = Wits.packageOf("package test:one@1.0.0; interface i {}");

    private final TestClock clock = new TestClock();
    private final Storage memory = MemoryStorage.open(clock);
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Author author = Author.of("test:one", clock);

    /** Says which methods of the fact store are called; no behaviour is put in its place. */
    private final Storage storage = new Storage(
            memory.ledger(),
            memory.evidence(),
            memory.submissions(),
            memory.snapshots(),
            memory.contents(),
            (FactStore) Proxy.newProxyInstance(
                    FactStore.class.getClassLoader(), new Class<?>[] {FactStore.class}, (proxy, method, arguments) -> {
                        if (method.getDeclaringClass() == FactStore.class) {
                            calls.add(method.getName());
                        }
                        try {
                            return method.invoke(memory.facts(), arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }),
            memory.registry(),
            memory.archive(),
            memory.sharing(),
            () -> {});

    private BareRegistry open(String... settings) throws Exception {
        return BareRegistry.over(storage, clock, settings);
    }

    private void release(BareRegistry registry) throws Exception {
        SignedPackageRecord record = author.release("1.0.0", CONTENT);
        registry.publish(author, record);
        assertThat(registry.upload(author, record, CONTENT)).isInstanceOf(Publication.Published.class);
    }

    private String tag(BareRegistry registry, Part part) {
        return registry.gate()
                .versions()
                .find(author.name(), SemVer.parse("1.0.0"))
                .orElseThrow()
                .tag(part);
    }

    @Test
    void isKnownWithoutReadingTheFacts() throws Exception {
        try (BareRegistry registry = open()) {
            release(registry);
        }
        try (BareRegistry registry = open()) {
            tag(registry, Part.DOCUMENT);
            // Of the mark of the last rebuilding, which is read once a minute.
            calls.clear();
            for (Part part : Part.values()) {
                tag(registry, part);
            }
            assertThat(calls).isEmpty();
        }
    }

    @Test
    void isTheSameAfterARestart() throws Exception {
        String before;
        try (BareRegistry registry = open()) {
            release(registry);
            before = tag(registry, Part.DOCUMENT);
        }
        try (BareRegistry registry = open()) {
            assertThat(tag(registry, Part.DOCUMENT)).isEqualTo(before);
        }
    }

    @Test
    void yankChangesTheDocumentsTagAndNotTheWits() throws Exception {
        try (BareRegistry registry = open()) {
            release(registry);
            String document = tag(registry, Part.DOCUMENT);
            String wit = tag(registry, Part.WIT_TEXT);
            registry.publish(author, author.yank("1.0.0"));
            assertThat(tag(registry, Part.DOCUMENT)).isNotEqualTo(document);
            assertThat(tag(registry, Part.WIT_TEXT)).isEqualTo(wit);
        }
    }

    @Test
    void rebuildingOfTheFactsChangesEveryTag() throws Exception {
        String before;
        try (BareRegistry registry = open()) {
            release(registry);
            before = tag(registry, Part.DOCUMENT);
        }
        FactRebuild.run(memory, TestSettings.of());
        try (BareRegistry registry = open()) {
            assertThat(tag(registry, Part.DOCUMENT)).isNotEqualTo(before);
        }
    }

    @Test
    void otherFeaturesChangeEveryTag() throws Exception {
        String before;
        try (BareRegistry registry = open()) {
            release(registry);
            before = tag(registry, Part.WIT_MODEL);
        }
        try (BareRegistry registry = open("publish.features", "error-context")) {
            assertThat(tag(registry, Part.WIT_MODEL)).isNotEqualTo(before);
        }
    }
}
