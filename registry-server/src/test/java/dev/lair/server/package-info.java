/** What the server's tests share: a clock, settings, authors, contents and a store that fails when told. */
@NullMarked
package dev.lair.server;

import org.jspecify.annotations.NullMarked;
