/** Accounts without HTTP. */
@NullMarked
package dev.lair.server.account;

import org.jspecify.annotations.NullMarked;
