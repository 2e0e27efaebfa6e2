/**
 * The static tree (docs/API.md, docs/TREE.md): where logs, records and proofs lie below a registry's base URL, and the formats that
 * nobody else defines. Tiles, checkpoints and proofs themselves are C2SP's (module {@code transparency}).
 */
@NullMarked
package dev.lair.registry.tree;

import org.jspecify.annotations.NullMarked;
