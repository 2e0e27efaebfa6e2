@NullMarked
package dev.lair.server.web;

import org.jspecify.annotations.NullMarked;
