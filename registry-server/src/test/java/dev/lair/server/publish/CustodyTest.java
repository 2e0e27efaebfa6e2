package dev.lair.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackageLog;
import dev.lair.registry.log.PackagePermission;
import dev.lair.server.Author;
import dev.lair.server.TestClock;
import dev.lair.server.Wasm;
import dev.lair.server.publish.CustodyRefused.ContentGone;
import dev.lair.server.publish.CustodyRefused.NotInCustody;
import dev.lair.server.publish.CustodyRefused.VersionTaken;
import dev.lair.server.publish.Publication.Published;
import dev.lair.server.publish.Publication.Rejected;
import dev.lair.signing.KeyId;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Releases that the registry signs for people whom it knows (trusted publishing, section 6, mode A). */
class CustodyTest {

    private static final int RACERS = 50;

    private final TestClock clock = new TestClock();
    private final BareRegistry registry = BareRegistry.open(clock);
    private final PackageName name = PackageName.parse("test:kept");
    private final List<RecordId> signed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        registry.close();
    }

    private Digest brought(byte[] content) throws Exception {
        Digest digest = Digest.of(content);
        registry.storage().contents().put(digest, new ByteArrayInputStream(content), content.length);
        return digest;
    }

    private Publication release(PackageName to, String version, Digest content) throws Exception {
        return registry.publishing().release(new ReleaseRequest(to, SemVer.parse(version), content), signed::add);
    }

    private PackageLog.State log(PackageName of) {
        return registry.intake().tip(of.logId());
    }

    private KeyId registryKey() {
        return registry.packageKeys().known(name).orElseThrow().keyId();
    }

    @Test
    void firstReleaseBeginsTheLogWithTheRegistrysKey() throws Exception {
        Digest content = brought(Wasm.coreModule("m1"));
        Publication outcome = release(name, "1.0.0", content);

        assertThat(outcome).isInstanceOf(Published.class);
        assertThat(signed).containsExactly(outcome.recordId());
        assertThat(log(name).release(SemVer.parse("1.0.0")).orElseThrow().content())
                .isEqualTo(content);
        assertThat(log(name).permissions(registryKey()))
                .containsExactlyInAnyOrder(PackagePermission.RELEASE, PackagePermission.YANK);

        assertThat(release(name, "1.0.1", brought(Wasm.coreModule("m2")))).isInstanceOf(Published.class);
        assertThat(log(name).keys()).containsOnlyKeys(registryKey());
    }

    @Test
    void releasedVersionIsNotSignedAgain() throws Exception {
        Digest content = brought(Wasm.coreModule("m1"));
        release(name, "1.0.0", content);

        assertThatThrownBy(() -> release(name, "1.0.0", content))
                .isInstanceOfSatisfying(
                        VersionTaken.class, taken -> assertThat(taken.content()).isEqualTo(content));
        assertThat(signed).hasSize(1);
    }

    @Test
    void nothingIsSignedThatTheGateRefuses() throws Exception {
        Digest broken = brought("no wasm at all".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThat(release(name, "1.0.0", broken)).isInstanceOf(Rejected.class);
        assertThat(signed).isEmpty();
        assertThat(log(name).head()).isEmpty();
    }

    @Test
    void contentThatIsNotHereIsNotReleased() {
        assertThatThrownBy(() -> release(name, "1.0.0", Digest.of(Wasm.coreModule("m9"))))
                .isInstanceOf(ContentGone.class);
        assertThat(signed).isEmpty();
    }

    @Test
    void authorsLogIsWrittenToOnlyWhenTheAuthorLetsTheRegistryIn() throws Exception {
        Author author = Author.of("test:kept", clock);
        byte[] first = Wasm.coreModule("m1");
        var begin = author.release("1.0.0", first);
        registry.publish(author, begin);
        registry.upload(author, begin, first);
        Digest next = brought(Wasm.coreModule("m2"));

        assertThatThrownBy(() -> release(name, "1.1.0", next)).isInstanceOf(NotInCustody.class);
        assertThat(signed).isEmpty();

        registry.publish(
                author,
                author.write(new PackageEntry.Grant(
                        registry.packageKeys().known(name).orElseThrow(), List.of(PackagePermission.RELEASE))));
        assertThat(release(name, "1.1.0", next)).isInstanceOf(Published.class);
        assertThatThrownBy(() -> registry.publishing().yank(name, SemVer.parse("1.0.0")))
                .isInstanceOf(NotInCustody.class);
    }

    @Test
    void ownerWhoTakesOverHoldsAllAndTheRegistryOnlyReleases() throws Exception {
        release(name, "1.0.0", brought(Wasm.coreModule("m1")));
        Author owner = Author.of("test:kept", clock);

        assertThat(registry.publishing().takeover(name, owner.key().publicKey()))
                .isInstanceOf(Published.class);

        assertThat(log(name).permissions(owner.key().keyId()))
                .containsExactlyInAnyOrder(PackagePermission.RELEASE, PackagePermission.YANK);
        assertThat(log(name).permissions(registryKey())).containsExactly(PackagePermission.RELEASE);
        owner.continueBehind(log(name).head().orElseThrow().recordId());
        assertThat(registry.publish(owner, owner.yank("1.0.0"))).isInstanceOf(Published.class);
    }

    @Test
    void yankIsSignedByTheRegistry() throws Exception {
        release(name, "1.0.0", brought(Wasm.coreModule("m1")));

        assertThat(registry.publishing().yank(name, SemVer.parse("1.0.0"))).isInstanceOf(Published.class);
        assertThat(log(name).release(SemVer.parse("1.0.0")).orElseThrow().yanked())
                .isTrue();
    }

    @Test
    void fiftyAtOnceWhoWantOneVersionReleaseItOnce() throws Exception {
        Digest content = brought(Wasm.coreModule("m1"));
        int released = 0;
        for (Future<Publication> each : race(i -> release(name, "1.0.0", content))) {
            try {
                each.get();
                released++;
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(VersionTaken.class);
            }
        }
        assertThat(released).isOne();
        assertThat(log(name).releases()).hasSize(1);
    }

    @Test
    void fiftyVersionsAtOnceAreAllReleased() throws Exception {
        Digest content = brought(Wasm.coreModule("m1"));
        Set<RecordId> records = new HashSet<>();
        for (Future<Publication> each : race(i -> release(name, "1.0." + i, content))) {
            records.add(each.get().recordId());
        }
        assertThat(records).hasSize(RACERS);
        assertThat(log(name).releases()).hasSize(RACERS);
    }

    private interface Racer {
        Publication run(int number) throws Exception;
    }

    private List<Future<Publication>> race(Racer racer) throws InterruptedException {
        List<Callable<Publication>> racers = new ArrayList<>();
        for (int i = 0; i < RACERS; i++) {
            int number = i;
            racers.add(() -> racer.run(number));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            return threads.invokeAll(racers);
        }
    }
}
