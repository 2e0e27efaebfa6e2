/**
 * What a registry tells about a binary: kind, verdict, imports and exports, WIT, dependencies, capabilities, producers,
 * and what is embedded. Begin at {@link dev.lair.component.inspect.BinaryInspector}.
 */
@NullMarked
package dev.lair.component.inspect;

import org.jspecify.annotations.NullMarked;
