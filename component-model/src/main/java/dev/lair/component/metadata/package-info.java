/**
 * What custom sections say about a binary and about those nested in it: names, producers (tool-conventions,
 * ProducersSection.md), documentation, and the texts authors, description, licenses, source, homepage, revision and
 * version. Nothing here has a part in validity: a broken section is reported as such, and no bytes make reading throw.
 */
@NullMarked
package dev.lair.component.metadata;

import org.jspecify.annotations.NullMarked;
