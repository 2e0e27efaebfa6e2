@NullMarked
package dev.lair.registry.attestation;

import org.jspecify.annotations.NullMarked;
