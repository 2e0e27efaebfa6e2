/** How much a namespace may have, and how much an account or a trusted publisher may do in a day. */
@NullMarked
package dev.lair.server.quota;

import org.jspecify.annotations.NullMarked;
