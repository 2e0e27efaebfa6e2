/** Tests of signed notes, against the vectors of C2SP's formats. */
@NullMarked
package dev.lair.signing.note;

import org.jspecify.annotations.NullMarked;
