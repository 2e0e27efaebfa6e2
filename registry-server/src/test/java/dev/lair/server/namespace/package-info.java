/** The operator's rules and keys. */
@NullMarked
package dev.lair.server.namespace;

import org.jspecify.annotations.NullMarked;
