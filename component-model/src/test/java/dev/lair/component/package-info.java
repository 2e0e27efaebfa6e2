/** Tests of the structure check: fixtures as files, the shared corpus, damage and fuzz. */
@NullMarked
package dev.lair.component;

import org.jspecify.annotations.NullMarked;
