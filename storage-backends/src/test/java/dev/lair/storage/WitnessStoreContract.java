package dev.lair.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lair.storage.WitnessStore.Head;
import dev.lair.transparency.Digest;
import dev.lair.transparency.RootHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link WitnessStore} promises. */
public abstract class WitnessStoreContract {

    private static final String LOG = "example.org/log";
    private static final String OTHER = "example.org/evidence";

    private WitnessStore witnesses;

    /** Opens an empty store; the contract closes it. */
    protected abstract WitnessStore openWitnesses() throws Exception;

    @BeforeEach
    final void openOne() throws Exception {
        witnesses = openWitnesses();
    }

    @AfterEach
    final void closeIt() {
        witnesses.close();
    }

    private static Head head(long size, String text) {
        RootHash root = RootHash.ofBytes(Digest.of(text.getBytes(UTF_8)).bytes());
        return new Head(size, root, LOG + "\n" + size + "\n" + text + "\n\n\u2014 witness c2lnbmVk\n");
    }

    @Test
    void unknownLogHasNoHead() {
        assertThat(witnesses.head(LOG)).isEmpty();
    }

    @Test
    void firstHeadIsStoredWhenNoneWasExpected() {
        Head first = head(5, "first");
        assertThat(witnesses.replace(LOG, Optional.of(head(4, "none")), first)).isFalse();
        assertThat(witnesses.head(LOG)).isEmpty();
        assertThat(witnesses.replace(LOG, Optional.empty(), first)).isTrue();
        assertThat(witnesses.head(LOG)).contains(first);
    }

    @Test
    void headOfTheEmptyTreeIsAHead() {
        Head empty = head(0, "empty");
        assertThat(witnesses.replace(LOG, Optional.empty(), empty)).isTrue();
        assertThat(witnesses.replace(LOG, Optional.empty(), head(5, "first"))).isFalse();
        assertThat(witnesses.head(LOG)).contains(empty);
        assertThat(witnesses.replace(LOG, Optional.of(empty), head(5, "first"))).isTrue();
    }

    @Test
    void headIsReplacedOnlyWhenSizeAndRootAreTheExpectedOnes() {
        Head stored = head(5, "stored");
        Head next = head(9, "next");
        witnesses.replace(LOG, Optional.empty(), stored);

        assertThat(witnesses.replace(LOG, Optional.empty(), next)).isFalse();
        assertThat(witnesses.replace(LOG, Optional.of(head(5, "other root")), next))
                .isFalse();
        assertThat(witnesses.replace(LOG, Optional.of(head(6, "stored")), next)).isFalse();
        assertThat(witnesses.head(LOG)).contains(stored);
        // The note is no part of what is compared: the caller may hold one with other signatures.
        assertThat(witnesses.replace(LOG, Optional.of(new Head(5, stored.root(), "other note")), next))
                .isTrue();
        assertThat(witnesses.head(LOG)).contains(next);
    }

    @Test
    void sameTreeIsStoredAgainWithANewNote() {
        Head stored = head(5, "stored");
        witnesses.replace(LOG, Optional.empty(), stored);
        Head again = new Head(5, stored.root(), "cosigned a minute later");
        assertThat(witnesses.replace(LOG, Optional.of(stored), again)).isTrue();
        assertThat(witnesses.head(LOG)).contains(again);
    }

    @Test
    void logsHaveHeadsOfTheirOwn() {
        witnesses.replace(LOG, Optional.empty(), head(5, "main"));
        assertThat(witnesses.replace(OTHER, Optional.empty(), head(2, "evidence")))
                .isTrue();
        assertThat(witnesses.replace(LOG + "/", Optional.empty(), head(3, "third")))
                .isTrue();
        assertThat(witnesses.replace(LOG.toUpperCase(Locale.ROOT), Optional.empty(), head(4, "fourth")))
                .isTrue();
        assertThat(witnesses.head(LOG)).contains(head(5, "main"));
        assertThat(witnesses.head(OTHER)).contains(head(2, "evidence"));
    }

    @Test
    void ofManyFuturesExactlyOneIsStored() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(3);
        try {
            Optional<Head> before = Optional.empty();
            for (int round = 1; round <= 10; round++) {
                Optional<Head> expected = before;
                List<Callable<Boolean>> races = new ArrayList<>();
                for (int future = 0; future < 3; future++) {
                    Head next = head(round, "future " + future + " of round " + round);
                    races.add(() -> witnesses.replace(LOG, expected, next));
                }
                List<Boolean> answers = new ArrayList<>();
                for (Future<Boolean> answer : callers.invokeAll(races)) {
                    answers.add(answer.get());
                }
                assertThat(answers).containsOnlyOnce(true);
                before = witnesses.head(LOG);
                assertThat(before.orElseThrow().note())
                        .isEqualTo(head(round, "future " + answers.indexOf(true) + " of round " + round)
                                .note());
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
