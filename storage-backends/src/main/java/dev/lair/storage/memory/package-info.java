/** Storage in the heap of one process: complete and thread-safe, gone at the end. For tests and short trials. */
@NullMarked
package dev.lair.storage.memory;

import org.jspecify.annotations.NullMarked;
