/** The warg HTTP API v1: paths, bodies, errors and their JSON form (warg protocol, section 4). */
@NullMarked
package dev.lair.registry.warg;

import org.jspecify.annotations.NullMarked;
