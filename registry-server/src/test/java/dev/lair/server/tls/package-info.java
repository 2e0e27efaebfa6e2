@NullMarked
package dev.lair.server.tls;

import org.jspecify.annotations.NullMarked;
