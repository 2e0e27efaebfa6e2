/** Tests of the keys that the registry holds for packages. */
@NullMarked
package dev.lair.server.custody;

import org.jspecify.annotations.NullMarked;
