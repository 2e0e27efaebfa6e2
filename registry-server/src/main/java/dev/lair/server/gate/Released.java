package dev.lair.server.gate;

import dev.lair.registry.SemVer;
import dev.lair.transparency.Digest;

/**
 * A release that another one is put beside.
 *
 * @param content what it released
 */
record Released(SemVer version, Digest content) {}
