package dev.lair.server.custody;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.registry.PackageName;
import dev.lair.server.TestClock;
import dev.lair.signing.KeyId;
import dev.lair.signing.KeyStore;
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
