/** Tests of the PostgreSQL backend, and the server that they and other modules' tests share. */
@NullMarked
package dev.lair.storage.postgres;

import org.jspecify.annotations.NullMarked;
