package dev.lair.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every order in which the requests of nodes that use one content at the same time can reach the server. */
class ContentRaceTest {

    private static final int SOME = 1000;
    private static final long SEED = 20_260_101;

    private Scratch scratch;

    @BeforeEach
    void openScratch(@TempDir Path folder) {
        scratch = Scratch.open(folder);
    }

    private ContentRace race() {
        return new ContentRace(scratch);
    }

    @FunctionalInterface
    private interface Setup {
        ContentRace make() throws Exception;
    }

    private static int all(Setup setup) throws Exception {
        return Orders.all(() -> made(setup));
    }

    private static void some(Setup setup) throws Exception {
        Orders.some(SOME, SEED, () -> made(setup));
    }

    private static ContentRace made(Setup setup) {
        try {
            return setup.make();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void touchOrDeletionWinsNeverBothNeverNone() throws Exception {
        int[] wins = new int[2];
        int orders = all(() -> {
            ContentRace race = race().withOldContent();
            return race.touching().deleting().finallyChecking(() -> {
                assertThat(race.kept() + race.deleted()).as("one wins").isEqualTo(1);
                wins[0] += race.kept();
                wins[1] += race.deleted();
            });
        });
        assertThat(orders).isGreaterThan(100);
        assertThat(wins[0]).isPositive();
        assertThat(wins[1]).isPositive();
    }

    @Test
    void putAgainNeverLosesAgainstDeletion() throws Exception {
        assertThat(all(() -> race().withOldContent().putting().deleting())).isGreaterThan(100);
    }

    @Test
    void doubtThatACrashLeftDecidesNothing() throws Exception {
        all(() -> race().withDoubt().touching().deleting());
        all(() -> race().withDoubt().putting().deleting());
        all(() -> race().withDoubt().touching().touching());
    }

    @Test
    void twoPutsOfNewContentBothSucceedWithOneObject() throws Exception {
        all(() -> {
            ContentRace race = race();
            return race.putting()
                    .putting()
                    .finallyChecking(() -> assertThat(race.bucket().keys())
                            .filteredOn(key -> !key.contains("."))
                            .hasSize(1));
        });
    }

    @Test
    void twoPutsAfterADeletionBothSucceed() throws Exception {
        all(() -> race().withDeletedContent().putting().putting());
    }

    @Test
    void putSurvivesALifeThatPassesWhileItUploads() throws Exception {
        assertThat(all(() -> race().putting().puttingAndDeletingOld())).isGreaterThan(1000);
    }

    @Test
    void deletionsAtOnceDeleteOnce() throws Exception {
        all(() -> {
            ContentRace race = race().withOldContent();
            return race.deleting()
                    .deleting()
                    .finallyChecking(() -> assertThat(race.deleted())
                            .as("one of two says that it did")
                            .isEqualTo(1));
        });
    }

    @Test
    void sweepTakesNothingFromAPut() throws Exception {
        all(() -> race().withDeletedContent().putting().sweeping());
        all(() -> race().putting().sweeping());
    }

    @Test
    void threePartiesAgree() throws Exception {
        some(() -> race().withOldContent().touching().touching().deleting());
        some(() -> race().withOldContent().touching().touchingLater().deleting());
        some(() -> race().withOldContent().putting().deleting().deleting());
        some(() -> race().withOldContent().touching().deleting().sweeping());
        some(() -> race().withDoubt().putting().touching().deleting());
        some(() -> race().putting().putting().puttingAndDeletingOld());
    }

    @Test
    void listsThatAreGatheredOverTimeDoNoHarm() throws Exception {
        Random random = new Random(SEED);
        Predicate<String> perhaps = key -> random.nextBoolean();
        some(() -> race().withOldContent().torn(perhaps).touching().deleting());
        some(() ->
                race().withOldContent().torn(perhaps).touching().touchingLater().deleting());
        some(() -> race().withOldContent().torn(perhaps).putting().deleting().deleting());
        some(() -> race().torn(perhaps).putting().puttingAndDeletingOld());
        some(() ->
                race().torn(perhaps).putting().putting().puttingAndDeletingOld().sweeping());
    }

    @Test
    void laterTouchTakesTheEarlierAwayOnlyWhenItHasWon() throws Exception {
        // Of what changes during the deletion's second look, it sees the oldest touch only.
        String oldest = ContentKey.touched(ContentRace.DIGEST, 0, ContentRace.OLD_MICROS)
                .format();
        ContentRace race = race().withOldContent().touching().touchingLater();
        race.torn(oldest::equals).deleting();
        String firstLook = "22";
        String touchIsDoneButForRemoving = "000";
        String doubtAndHalfALook = "22";
        String touchRemovesTheOldest = "0";
        String laterTouchLooksAndGoesOn = "1111";
        String otherHalfAndVerdict = "22";
        Orders.exactly(
                firstLook
                        + touchIsDoneButForRemoving
                        + doubtAndHalfALook
                        + touchRemovesTheOldest
                        + laterTouchLooksAndGoesOn
                        + otherHalfAndVerdict,
                race.finallyChecking(() -> assertThat(race.kept()).isEqualTo(2)));
    }
}
