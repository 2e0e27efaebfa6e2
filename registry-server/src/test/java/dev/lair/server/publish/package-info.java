/** One test per rule and state of a publish. */
@NullMarked
package dev.lair.server.publish;

import org.jspecify.annotations.NullMarked;
