/** The operator log: who may sign checkpoints, which namespaces there are, which names are reserved. */
@NullMarked
package dev.lair.server.namespace;

import org.jspecify.annotations.NullMarked;
