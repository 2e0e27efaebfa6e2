/** Who a person or a job is to a registry: logins that are kept, and tokens that are at hand. */
@NullMarked
package dev.lair.cli.account;

import org.jspecify.annotations.NullMarked;
