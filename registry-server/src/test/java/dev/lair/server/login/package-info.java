/** People who come from identity providers, and those who only say so. */
@NullMarked
package dev.lair.server.login;

import org.jspecify.annotations.NullMarked;
