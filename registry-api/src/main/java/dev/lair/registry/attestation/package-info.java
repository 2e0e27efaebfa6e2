/**
 * What the registry states about a publish, signed: an in-toto statement in a DSSE envelope, and the JSON of both. Begin at
 * {@link dev.lair.registry.attestation.PublishAttestation}.
 */
@NullMarked
package dev.lair.registry.attestation;

import org.jspecify.annotations.NullMarked;
