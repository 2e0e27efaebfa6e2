/** Tests of what is told about binaries. */
@NullMarked
package dev.lair.registry.facts;

import org.jspecify.annotations.NullMarked;
