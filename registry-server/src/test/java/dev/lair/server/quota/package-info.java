@NullMarked
package dev.lair.server.quota;

import org.jspecify.annotations.NullMarked;
