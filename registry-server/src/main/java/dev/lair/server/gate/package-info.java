/**
 * What content must be to be released: examined by its bytes, and by its place among the releases of its package. The
 * facts that come of it are kept, and can be derived again. Begin at {@link dev.lair.server.gate.ReleaseGate}.
 */
@NullMarked
package dev.lair.server.gate;

import org.jspecify.annotations.NullMarked;
