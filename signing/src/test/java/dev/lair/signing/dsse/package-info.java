@NullMarked
package dev.lair.signing.dsse;

import org.jspecify.annotations.NullMarked;
