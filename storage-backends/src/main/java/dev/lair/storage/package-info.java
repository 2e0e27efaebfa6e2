/**
 * The storage ports: what the registry needs kept, and what each promise means after a crash. A backend is a
 * subpackage that implements all of them and passes their contract tests; no backend uses another.
 */
@NullMarked
package dev.lair.storage;

import org.jspecify.annotations.NullMarked;
