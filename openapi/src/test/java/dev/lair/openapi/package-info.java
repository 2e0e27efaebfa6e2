/** Tests of the contracts and of the client generated from them. */
@NullMarked
package dev.lair.openapi;

import org.jspecify.annotations.NullMarked;
