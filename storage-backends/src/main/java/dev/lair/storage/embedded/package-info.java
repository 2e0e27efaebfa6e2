/**
 * Storage in one data folder of one process: SQLite for the ledger, plain files for contents and snapshots. Start at
 * {@link dev.lair.storage.embedded.EmbeddedStorage}; every write says what a crash there leaves.
 */
@NullMarked
package dev.lair.storage.embedded;

import org.jspecify.annotations.NullMarked;
