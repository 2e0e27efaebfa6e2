/** The names of the protocol: namespaces, packages, versions. */
@NullMarked
package dev.lair.registry;

import org.jspecify.annotations.NullMarked;
