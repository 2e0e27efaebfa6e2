package dev.lair.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link Archive} promises. */
public abstract class ArchiveContract {

    private static final byte[] HELLO = "hello, archive".getBytes(UTF_8);

    private Archive archive;

    /** Opens an empty archive. The subclass closes what needs it. */
    protected abstract Archive openArchive() throws Exception;

    @BeforeEach
    final void openOne() throws Exception {
        archive = openArchive();
    }

    private void put(String... paths) throws Exception {
        for (String path : paths) {
            assertThat(archive.putIfAbsent(path, path.getBytes(UTF_8))).as(path).isTrue();
        }
    }

    private List<String> walk(String prefix, String after) {
        List<String> paths = new ArrayList<>();
        Optional<String> next = archive.firstAfter(prefix, after);
        while (next.isPresent()) {
            paths.add(next.get());
            next = archive.firstAfter(prefix, next.get());
        }
        // Listed at once it is the same way, however much of it is asked for.
        for (int limit : new int[] {1, 2, paths.size() + 1}) {
            assertThat(archive.pathsAfter(prefix, after, limit))
                    .isEqualTo(paths.subList(0, Math.min(limit, paths.size())));
        }
        return paths;
    }

    @Test
    void objectThatWasPutIsReadBack() throws Exception {
        byte[] large = new byte[300_001];
        new Random(3).nextBytes(large);
        assertThat(archive.putIfAbsent("checkpoint/1/0000000000000000007", HELLO))
                .isTrue();
        assertThat(archive.putIfAbsent("tile/0/x001/x234/067", large)).isTrue();
        assertThat(archive.putIfAbsent("a-b_c.d+e", new byte[0])).isTrue();

        assertThat(archive.get("checkpoint/1/0000000000000000007").orElseThrow())
                .isEqualTo(HELLO);
        assertThat(archive.get("tile/0/x001/x234/067").orElseThrow()).isEqualTo(large);
        assertThat(archive.get("a-b_c.d+e").orElseThrow()).isEmpty();
    }

    @Test
    void unknownObjectIsAbsent() throws Exception {
        put("a/b/c");
        for (String path : List.of("x", "a/b/d", "a/b", "a", "a/b/c/d")) {
            assertThat(archive.get(path)).as(path).isEmpty();
        }
    }

    @Test
    void sameBytesAgainAreTheSuccessOfARetry() throws Exception {
        put("a/b");
        assertThat(archive.putIfAbsent("a/b", "a/b".getBytes(UTF_8))).isFalse();
        assertThat(archive.get("a/b").orElseThrow()).isEqualTo("a/b".getBytes(UTF_8));
    }

    @Test
    void otherBytesUnderTheSamePathAreRefusedAndTheFirstStay() throws Exception {
        assertThat(archive.putIfAbsent("a/b", HELLO)).isTrue();
        for (byte[] other : List.of(new byte[0], Arrays.copyOf(HELLO, 5), Arrays.copyOf(HELLO, 99), new byte[14])) {
            assertThatThrownBy(() -> archive.putIfAbsent("a/b", other))
                    .isInstanceOf(ArchiveConflictException.class)
                    .hasMessageContaining("a/b");
        }
        assertThat(archive.get("a/b").orElseThrow()).isEqualTo(HELLO);
    }

    @Test
    void arraysBelongToTheCaller() throws Exception {
        byte[] mine = HELLO.clone();
        archive.putIfAbsent("a/b", mine);
        Arrays.fill(mine, (byte) 0);
        Arrays.fill(archive.get("a/b").orElseThrow(), (byte) 0);
        assertThat(archive.get("a/b").orElseThrow()).isEqualTo(HELLO);
    }

    @Test
    void pathsAreWalkedInByteOrder() throws Exception {
        // What stands before and behind the slash in ASCII must not confuse the order of folders.
        List<String> ordered = List.of("a+c", "a-b/x", "a.b", "a/0", "a/b/c", "a0", "ab/c", "b", "c/1/2/3", "c/1/20");
        List<String> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(5));
        put(shuffled.toArray(String[]::new));

        assertThat(walk("", "")).isEqualTo(ordered);
        assertThat(walk("", "a.b")).isEqualTo(ordered.subList(3, 10));
        assertThat(walk("", "a/a")).isEqualTo(ordered.subList(4, 10));
        assertThat(walk("", "zzz")).isEmpty();
    }

    @Test
    void onlyPathsOfThePrefixAreFound() throws Exception {
        put("checkpoint/1/010", "checkpoint/1/020", "checkpoint/10/005", "checkpoint/2/001", "checkpoints", "aaa");

        assertThat(walk("checkpoint/1/", "")).containsExactly("checkpoint/1/010", "checkpoint/1/020");
        assertThat(walk("checkpoint/1/", "checkpoint/1/010")).containsExactly("checkpoint/1/020");
        assertThat(walk("checkpoint/1/", "checkpoint/1/015")).containsExactly("checkpoint/1/020");
        assertThat(walk("checkpoint/1/", "checkpoint/1/020")).isEmpty();
        assertThat(walk("checkpoint/1/", "checkpoint/2/000")).isEmpty();
        assertThat(walk("checkpoint/1", ""))
                .containsExactly("checkpoint/1/010", "checkpoint/1/020", "checkpoint/10/005");
        assertThat(walk("checkpoint/1/01", "")).containsExactly("checkpoint/1/010");
        assertThat(walk("checkpoint/1/010", "")).containsExactly("checkpoint/1/010");
        assertThat(walk("checkpoint/3/", "")).isEmpty();
        assertThat(walk("none/", "")).isEmpty();
    }

    @Test
    void manyObjectsOfOneFolderAreWalkedToTheEnd() throws Exception {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            paths.add("checkpoint/1/%019d".formatted(i * 10L));
        }
        put(paths.reversed().toArray(String[]::new));
        assertThat(walk("checkpoint/1/", "checkpoint/1/%019d".formatted(95))).isEqualTo(paths.subList(10, 30));
    }

    @Test
    void pathsThatLeadElsewhereAreRefused() {
        for (String path : List.of(
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "a/..",
                "../a",
                "a/../b",
                ".hidden",
                "a/.b",
                "A/b",
                "a b",
                "a\\b",
                "a\u0000b",
                "ä",
                "a%2fb",
                "a/b\n",
                "-rf",
                "x".repeat(513))) {
            assertThatThrownBy(() -> archive.putIfAbsent(path, HELLO))
                    .as(path)
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> archive.get(path)).as(path).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(archive.firstAfter("", "")).isEmpty();
    }

    @Test
    void ofManyWhoPutOtherBytesExactlyOneWins() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 5; round++) {
                String path = "race/" + round;
                List<Callable<Optional<byte[]>>> puts = new ArrayList<>();
                for (byte writer = 0; writer < 3; writer++) {
                    byte[] bytes = {writer, 1, 2, 3};
                    puts.add(() -> {
                        try {
                            archive.putIfAbsent(path, bytes);
                            return Optional.of(bytes);
                        } catch (ArchiveConflictException e) {
                            return Optional.empty();
                        }
                    });
                }
                List<byte[]> winners = new ArrayList<>();
                for (Future<Optional<byte[]>> put : writers.invokeAll(puts)) {
                    put.get().ifPresent(winners::add);
                }
                assertThat(winners).hasSize(1);
                assertThat(archive.get(path).orElseThrow()).isEqualTo(winners.getFirst());
            }
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void ofManyWhoPutTheSameBytesAllSucceedAndOneIsTold() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 5; round++) {
                String path = "race/" + round;
                Callable<Boolean> put = () -> {
                    boolean isNew = archive.putIfAbsent(path, HELLO);
                    assertThat(archive.get(path)).isPresent();
                    return isNew;
                };
                List<Boolean> answers = new ArrayList<>();
                for (Future<Boolean> answer : writers.invokeAll(List.of(put, put, put))) {
                    answers.add(answer.get());
                }
                assertThat(answers).containsOnlyOnce(true);
            }
        } finally {
            writers.shutdownNow();
        }
    }
}
