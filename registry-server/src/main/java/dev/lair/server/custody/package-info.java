/** Keys that the registry holds for the owners of packages, so that they need none (trusted publishing, section 6, mode A). */
@NullMarked
package dev.lair.server.custody;

import org.jspecify.annotations.NullMarked;
