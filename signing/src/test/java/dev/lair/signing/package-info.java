/** Tests of keys, signatures and the files that keep keys; vectors and foreign implementations first. */
@NullMarked
package dev.lair.signing;

import org.jspecify.annotations.NullMarked;
