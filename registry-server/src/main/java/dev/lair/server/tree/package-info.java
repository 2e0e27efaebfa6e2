/**
 * The static tree: checkpoints, tiles, records and proofs as plain GETs that a cache may keep (docs/API.md). It shows
 * what is published and nothing beyond.
 */
@NullMarked
package dev.lair.server.tree;

import org.jspecify.annotations.NullMarked;
