/**
 * Search over packages: an index of each node's own, which follows the ledger and can be made again from it at any time.
 * {@link dev.lair.server.search.Search} is its one door. Ranking and grammar: docs/API.md, "Search".
 */
@NullMarked
package dev.lair.server.search;

import org.jspecify.annotations.NullMarked;
