/** Tests of the tables that need no particular backend. */
@NullMarked
package dev.lair.storage.registry;

import org.jspecify.annotations.NullMarked;
