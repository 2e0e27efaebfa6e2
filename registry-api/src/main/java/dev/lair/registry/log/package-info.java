/**
 * The two kinds of signed log, package log and operator log: records, their protobuf form, and the state machine that
 * says which record may follow. Pure; servers, clients and replay share it.
 */
@NullMarked
package dev.lair.registry.log;

import org.jspecify.annotations.NullMarked;
