/** Our verdicts on a corpus of test cases, counted against the verdicts that the corpus carries. */
@NullMarked
package dev.lair.cli.conformance;

import org.jspecify.annotations.NullMarked;
