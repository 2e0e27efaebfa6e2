/** Content: upload, the check that it is WebAssembly, serving what is released, collecting what is not. */
@NullMarked
package dev.lair.server.content;

import org.jspecify.annotations.NullMarked;
