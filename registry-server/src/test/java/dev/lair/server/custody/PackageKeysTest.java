package dev.lair.server.custody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.registry.PackageName;
import dev.lair.registry.api.Problem;
import dev.lair.server.TestClock;
import dev.lair.server.problem.ProblemException;
import dev.lair.signing.KeyId;
import dev.lair.signing.KeyStore;
import dev.lair.signing.MasterKey;
import dev.lair.storage.memory.MemorySealedFiles;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PackageKeysTest {

    private static final PackageName ONE = PackageName.parse("test:one");
    private static final PackageName TWO = PackageName.parse("test:two");

    private final KeyStore store = OpenPackageKeys.store(new TestClock());
    private final PackageKeys keys = new PackageKeys(store, new SecureRandom());

    /** {@code lair rekey} beside a node of a shared store. */
    @Test
    void nodeWhoseKeysWereSealedAnewSignsForNoPackageAndSaysSo() throws Exception {
        SecureRandom random = new SecureRandom();
        MemorySealedFiles shared = new MemorySealedFiles();
        MasterKey old = MasterKey.ofText("07".repeat(32));
        MasterKey next = MasterKey.ofText("08".repeat(32));
        PackageKeys node = new PackageKeys(KeyStore.create(shared, old, random, new TestClock()), random);
        KeyId key = node.of(ONE).keyId();
        KeyStore.open(shared, old, random, new TestClock()).reseal(next);
        for (PackageName name : List.of(ONE, TWO)) {
            assertThatThrownBy(() -> node.of(name))
                    .isInstanceOf(ProblemException.class)
                    .satisfies(e -> assertThat(((ProblemException) e).kind()).isEqualTo(Problem.Kind.UNAVAILABLE))
                    .hasMessageContaining("started again");
        }
        PackageKeys started = new PackageKeys(KeyStore.open(shared, next, random, new TestClock()), random);
        assertThat(started.of(ONE).keyId()).isEqualTo(key);
        assertThat(started.known(TWO)).isEmpty();
    }

    @Test
    void eachPackageHasAKeyOfItsOwnThatStays() {
        assertThat(keys.known(ONE)).isEmpty();
        KeyId made = keys.of(ONE).keyId();

        assertThat(keys.of(ONE).keyId()).isEqualTo(made);
        assertThat(keys.known(ONE).orElseThrow().keyId()).isEqualTo(made);
        assertThat(keys.of(TWO).keyId()).isNotEqualTo(made);
        assertThat(new PackageKeys(store, new SecureRandom()).of(ONE).keyId()).isEqualTo(made);
    }

    @Test
    void whoAsksAtTheSameTimeGetsTheSameKey() throws Exception {
        List<Callable<KeyId>> askers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            askers.add(() -> keys.of(ONE).keyId());
        }
        Set<KeyId> got = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<KeyId> each : threads.invokeAll(askers)) {
                got.add(each.get());
            }
        }
        assertThat(got).hasSize(1);
    }

    /** The operator's keys are listed at each rotation: a registry with many packages must not be slow there. */
    @Test
    void theyAreNotAmongTheKeysOfTheRegistryItself() throws Exception {
        keys.of(ONE);
        assertThat(store.list()).isEmpty();
    }
}
