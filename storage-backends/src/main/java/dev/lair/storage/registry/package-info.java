/**
 * The tables of accounts, rights and tokens, over any {@link dev.lair.storage.RelationalStore}: the same statements on
 * SQLite and PostgreSQL. Rows come out as records; what they mean is the server's to decide.
 */
@NullMarked
package dev.lair.storage.registry;

import org.jspecify.annotations.NullMarked;
