/** Accounts, how they log in, what they log in with, and who is asking. Nobody is told here what they may. */
@NullMarked
package dev.lair.server.account;

import org.jspecify.annotations.NullMarked;
