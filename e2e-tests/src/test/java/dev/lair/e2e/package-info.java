/** Black box tests of the built jars: processes, HTTP, signals and traces, and no class of server, storage or client. */
@NullMarked
package dev.lair.e2e;

import org.jspecify.annotations.NullMarked;
