/** Who may, over HTTP and by the table. */
@NullMarked
package dev.lair.server.access;

import org.jspecify.annotations.NullMarked;
