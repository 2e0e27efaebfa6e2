/** The static tree, as a client, a cache and a stranger see it. */
@NullMarked
package dev.lair.server.tree;

import org.jspecify.annotations.NullMarked;
