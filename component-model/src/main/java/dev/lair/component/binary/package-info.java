/**
 * The binary format of components (component model, Binary.md): bytes to a model of records and back, without
 * meaning.
 * Every definition keeps its byte offset; core modules and custom sections stay as they are. Whether indices exist
 * and
 * types fit is the matter of {@code dev.lair.component.validate}.
 */
@NullMarked
package dev.lair.component.binary;

import org.jspecify.annotations.NullMarked;
