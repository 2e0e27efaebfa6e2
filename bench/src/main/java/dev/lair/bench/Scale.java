package dev.lair.bench;

import java.time.Duration;
import java.util.List;

/**
 * How big a run is. {@link #FULL} has the sizes that the goals name; {@link #QUICK} runs the same code in less than a
 * minute; {@link #SMOKE} shows that it runs.
 *
 * @param mapPackages packages in the map before the ledger is measured
 * @param signedRecords records that are signed before records per second are measured
 * @param recordWarmUp before records are counted
 * @param recordRun while records are counted, if the signed ones last so long
 * @param connections clients that publish at once
 * @param publishesPerSecond more than can be reached: so many are signed ahead for each second
 * @param httpWarmUp before publishes are counted
 * @param httpRun while they are
 * @param proofRun how long publish-to-proof is measured, at each load
 * @param proofLoads publishes per second at which publish-to-proof is measured; the first is the one that is reported
 * @param leaves of the ledger from which proofs are made
 * @param packages of that ledger
 * @param tail the last of those leaves, which are appended by the real ledger with checkpoints
 * @param proofs of each kind that are timed
 * @param starts of the server
 */
record Scale(
        int mapPackages,
        int signedRecords,
        Duration recordWarmUp,
        Duration recordRun,
        int connections,
        int publishesPerSecond,
        Duration httpWarmUp,
        Duration httpRun,
        Duration proofRun,
        List<Integer> proofLoads,
        long leaves,
        int packages,
        int tail,
        int proofs,
        int starts) {

    static final Scale FULL = new Scale(
            1_000_000,
            1_500_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            256,
            2_500,
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(20),
            List.of(500, 100),
            10_000_000,
            1_000_000,
            200_000,
            50_000,
            5);

    static final Scale QUICK = new Scale(
            20_000,
            60_000,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            64,
            1_000,
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            List.of(100),
            100_000,
            20_000,
            20_000,
            5_000,
            2);

    static final Scale SMOKE = new Scale(
            500,
            2_000,
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            4,
            200,
            Duration.ofMillis(200),
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            List.of(20),
            3_000,
            500,
            1_000,
            100,
            1);

    /** The same over a ledger of another size. */
    Scale withLedger(long leavesInstead, int packagesInstead) {
        return new Scale(
                mapPackages,
                signedRecords,
                recordWarmUp,
                recordRun,
                connections,
                publishesPerSecond,
                httpWarmUp,
                httpRun,
                proofRun,
                proofLoads,
                leavesInstead,
                packagesInstead,
                tail,
                proofs,
                starts);
    }
}
