/**
 * What people read about a release, before it is a page: its WIT as items with anchors and signatures, and Markdown of
 * strangers as HTML that can do nothing.
 */
@NullMarked
package dev.lair.server.docs;

import org.jspecify.annotations.NullMarked;
