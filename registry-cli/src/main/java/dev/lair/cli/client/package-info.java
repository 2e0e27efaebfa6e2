/** The warg API over HTTP, as a client that trusts no answer: it bounds, times and decodes, and leaves proof to others. */
@NullMarked
package dev.lair.cli.client;

import org.jspecify.annotations.NullMarked;
