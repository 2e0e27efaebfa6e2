/** Dependencies of WIT texts: what they name, which releases that means, and the folder and lock that hold them. */
@NullMarked
package dev.lair.cli.deps;

import org.jspecify.annotations.NullMarked;
