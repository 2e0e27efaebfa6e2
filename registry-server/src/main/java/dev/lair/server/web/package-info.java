/**
 * The pages that people see, made here and sent whole. They use what the other rooms offer and hold no rule of their own; begin
 * at {@link dev.lair.server.web.Visit}. No page needs JavaScript, and none asks another site for anything.
 */
@NullMarked
package dev.lair.server.web;

import org.jspecify.annotations.NullMarked;
