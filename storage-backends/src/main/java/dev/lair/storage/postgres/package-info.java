/**
 * The grown backend: ledger, evidence, submissions, key files and, where there is no bucket, map snapshots in
 * PostgreSQL, version 15 or later. Any number of nodes may write. Contents are kept elsewhere.
 */
@NullMarked
package dev.lair.storage.postgres;

import org.jspecify.annotations.NullMarked;
