/** What strangers write, as people read it. */
@NullMarked
package dev.lair.server.docs;

import org.jspecify.annotations.NullMarked;
