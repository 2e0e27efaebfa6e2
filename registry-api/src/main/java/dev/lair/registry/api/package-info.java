/**
 * The Lair API, {@code /api/v1}: its paths, the documents that it answers, its problems, and their JSON. Begin at
 * {@link dev.lair.registry.api.VersionDocument}; the contract is {@code lair.yaml} of the module openapi.
 */
@NullMarked
package dev.lair.registry.api;

import org.jspecify.annotations.NullMarked;
