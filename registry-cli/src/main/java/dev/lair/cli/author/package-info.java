/** What only an author needs: keys at rest, and the way of a signed record into a package log. */
@NullMarked
package dev.lair.cli.author;

import org.jspecify.annotations.NullMarked;
