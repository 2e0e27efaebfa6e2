package dev.lair.cli.trust;

import dev.lair.registry.warg.WargBodies.CheckpointBody;
import dev.lair.transparency.RecordId;

/**
 * What is remembered of a registry between runs: enough to notice that it rewinds, forks or starts anew. The checkpoint
 * keeps its signature, so that of two that contradict each other both can be shown to anyone.
 *
 * @param registry base URL
 * @param operatorInit first record of its operator log
 * @param checkpoint the newest one that was verified
 */
public record Remembered(String registry, RecordId operatorInit, CheckpointBody checkpoint) {

    /** Records that the checkpoint covers. */
    public long size() {
        return checkpoint.contents().logLength();
    }
}
