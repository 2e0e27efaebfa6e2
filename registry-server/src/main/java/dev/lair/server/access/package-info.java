/**
 * Who may: the acts, the table of what each needs, and the one place where every request is held against it. Begin at
 * {@link dev.lair.server.access.WhoMay}; the doors to one's own account are here too.
 */
@NullMarked
package dev.lair.server.access;

import org.jspecify.annotations.NullMarked;
