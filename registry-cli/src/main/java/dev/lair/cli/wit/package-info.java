/** Local files for the WIT and component commands: reading texts and binaries within limits, judging, comparing. */
@NullMarked
package dev.lair.cli.wit;

import org.jspecify.annotations.NullMarked;
