package dev.lair.server.publish;

import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorRecord;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.registry.log.SignedPackageRecord;
import dev.lair.server.Author;
import dev.lair.server.OperatorKeyFile;
import dev.lair.server.TestClock;
import dev.lair.server.TestSettings;
import dev.lair.server.WatchedLedgerStore;
import dev.lair.server.content.ContentReferences;
import dev.lair.server.custody.OpenPackageKeys;
import dev.lair.server.custody.PackageKeys;
import dev.lair.server.gate.OpenGate;
import dev.lair.server.ledger.Appended;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.ledger.LedgerException;
import dev.lair.server.ledger.NewRecord;
import dev.lair.server.ledger.OpenLedger;
import dev.lair.server.namespace.OpenNamespaces;
import dev.lair.server.namespace.OpenOwners;
import dev.lair.server.namespace.OperatorRecordRefused;
import dev.lair.server.quota.OpenQuotas;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.EcdsaP256;
import dev.lair.storage.Storage;
import dev.lair.storage.memory.MemoryStorage;
import dev.lair.transparency.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A registry without HTTP, over one storage, that can be closed and opened again. Namespace {@code test} is defined. */
public final class BareRegistry implements AutoCloseable {

    private final TestClock clock;
    private final Storage storage;
    private final WatchedLedgerStore store;
    private final LairSettings settings;
    private final PackageKeys packageKeys;
    private OpenNamespaces namespaces;
    private OpenGate gate;
    private Intake intake;
    private PublishService publishing;

    private BareRegistry(TestClock clock, Storage inner, LairSettings settings) {
        this.clock = clock;
        this.store = new WatchedLedgerStore(inner.ledger());
        this.storage = store.in(inner);
        this.settings = settings;
        this.packageKeys = OpenPackageKeys.open(clock);
        this.namespaces = openNamespaces();
        this.gate = openGate();
        this.intake = openIntake();
        this.publishing = openPublishing();
    }

    /** Over memory, with these settings (without {@code lair.}) and values in turn. */
    public static BareRegistry open(TestClock clock, String... settings) {
        return over(MemoryStorage.open(clock), clock, settings);
    }

    /** Over this storage, which stays open when the registry is closed. */
    public static BareRegistry over(Storage storage, TestClock clock, String... settings) {
        List<String> all = new ArrayList<>(Arrays.asList(settings));
        all.addAll(List.of("namespaces", "test", "operator-key-file", OperatorKeyFile.PATH.toString()));
        return new BareRegistry(clock, storage, TestSettings.of(all.toArray(String[]::new)));
    }

    private OpenNamespaces openNamespaces() {
        try {
            return OpenNamespaces.open(settings, storage, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperatorRecordRefused e) {
            throw new IllegalStateException(e);
        }
    }

    private Intake openIntake() {
        return new Intake(new PackageLogs(ledger(), EcdsaP256.INSTANCE), ledger(), storage, clock, settings);
    }

    private OpenGate openGate() {
        return OpenGate.open(ledger(), namespaces.namespaces(), storage, settings);
    }

    private PublishService openPublishing() {
        try {
            PublishService opening = new PublishService(
                    namespaces.namespaces(),
                    OpenOwners.over(storage),
                    OpenQuotas.over(storage, clock, settings),
                    new AuthorizedKeys(settings),
                    packageKeys,
                    new Admission(clock, settings),
                    gate.gate(),
                    intake,
                    ledger(),
                    storage,
                    EcdsaP256.INSTANCE,
                    clock,
                    settings);
            opening.judgeLeftOver();
            return opening;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A crash and a start: only what the storage has survives. */
    public BareRegistry restart() {
        close();
        namespaces = openNamespaces();
        gate = openGate();
        intake = openIntake();
        publishing = openPublishing();
        return this;
    }

    public Ledger ledger() {
        return namespaces.opened().ledger();
    }

    public Storage storage() {
        return storage;
    }

    public WatchedLedgerStore store() {
        return store;
    }

    /** The keys that this registry holds for packages. */
    PackageKeys packageKeys() {
        return packageKeys;
    }

    PublishService publishing() {
        return publishing;
    }

    Intake intake() {
        return intake;
    }

    /** What the records on their way still need. */
    public ContentReferences references() {
        return intake;
    }

    /** Looks after what waits, as the schedule does. */
    public void sweep() {
        intake.sweep();
        publishing.judgeLeftOver();
    }

    public Publication publish(Author author, SignedPackageRecord record) throws PublishRefused {
        return publishing.publish(new PublishRequest(author.name(), record));
    }

    public Publication upload(Author author, SignedPackageRecord record, byte[] content) throws UploadRefused {
        return upload(author, record, Digest.of(content), content);
    }

    Publication upload(Author author, SignedPackageRecord record, Digest named, byte[] content) throws UploadRefused {
        return upload(author, record, named, new ByteArrayInputStream(content));
    }

    /** The same of content that is never whole in memory. */
    public Publication upload(Author author, SignedPackageRecord record, Digest named, InputStream content)
            throws UploadRefused {
        try {
            return publishing.upload(author.log(), record.id(), named, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Publication> status(Author author, SignedPackageRecord record) {
        return publishing.status(author.log(), record.id());
    }

    /** Waits until a checkpoint covers the record, when the ledger has it in hand. */
    public void awaitCovered(Author author, SignedPackageRecord record) {
        intake.inFlight(author.log(), record.id()).map(Appended::covered).ifPresent(OpenLedger::await);
    }

    /** Says that a namespace lives elsewhere. */
    public void importNamespace(String namespace, String registry) throws OperatorRecordRefused {
        namespaces
                .namespaces()
                .append(SignedOperatorRecord.sign(
                        new OperatorRecord(
                                namespaces
                                        .namespaces()
                                        .operatorLog()
                                        .head()
                                        .orElseThrow()
                                        .recordId(),
                                0,
                                clock.instant(),
                                List.of(new OperatorEntry.ImportNamespace(namespace, registry))),
                        OperatorKeyFile.KEY));
    }

    /** A queue that is full and a sequencer that stands at its commit, until it is released. */
    record FullQueue(CountDownLatch released, List<Appended> queued) {

        /** Answers once the ledger has appended all that stood in the way. */
        void release() {
            released.countDown();
            queued.forEach(promise -> OpenLedger.await(promise.covered()));
        }
    }

    FullQueue fillQueue() throws InterruptedException {
        CountDownLatch standing = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        store.beforeCommit(batch -> {
            standing.countDown();
            WatchedLedgerStore.until(released).accept(batch);
        });
        Author filler = Author.of("test:filler", clock);
        List<Appended> queued = new ArrayList<>();
        queued.add(ledger().append(asLedgerRecord(filler, filler.release("1.0.0", new byte[1]))));
        standing.await();
        try {
            for (int i = 2; ; i++) {
                queued.add(ledger().append(asLedgerRecord(filler, filler.release(i + ".0.0", new byte[1]))));
            }
        } catch (LedgerException.Busy full) {
            return new FullQueue(released, queued);
        }
    }

    private static NewRecord asLedgerRecord(Author author, SignedPackageRecord record) {
        return new NewRecord(
                author.log(), record.id(), record.contents().prev(), record.envelope(), author.name(), List.of());
    }

    /** What is known of the releases here. */
    public OpenGate gate() {
        return gate;
    }

    @Override
    public void close() {
        gate.close();
        namespaces.close();
    }
}
