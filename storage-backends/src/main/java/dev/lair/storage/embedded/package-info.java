/**
 * Storage in one data folder of one process: SQLite for the ledger, plain files for contents and snapshots. Start at
 * {@link dev.lair.storage.embedded.EmbeddedStorage}; every write says what a crash there leaves. What finds an entry by a
 * hash is written behind the entries and made from them again (docs/decisions/lagging-index.md).
 */
@NullMarked
package dev.lair.storage.embedded;

import org.jspecify.annotations.NullMarked;
