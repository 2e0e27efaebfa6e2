/**
 * C2SP's signed notes: keys, signatures, cosignatures, the policy that says whose signatures are enough, and what logs
 * and witnesses send each other. Needs nothing of the parent package, which keeps these keys in its store.
 */
@NullMarked
package dev.lair.signing.note;

import org.jspecify.annotations.NullMarked;
