/**
 * DSSE, the envelope of in-toto statements: what is signed of a payload and its type, and who signed it. The JSON of an
 * envelope is read and written elsewhere, since this module has no JSON.
 */
@NullMarked
package dev.lair.signing.dsse;

import org.jspecify.annotations.NullMarked;
