/** The one use case: a release enters the registry. */
@NullMarked
package dev.lair.server.publish;

import org.jspecify.annotations.NullMarked;
