/** Who is let in and who is not, row by row of section 3 of trusted publishing. */
@NullMarked
package dev.lair.server.trustedpublishing;

import org.jspecify.annotations.NullMarked;
