package dev.lair.component.binary;

import java.util.List;

/**
 * A decoded component: its sections in order.
 *
 * @param offset of its preamble in the outermost binary
 * @param endOffset behind its last byte
 */
public record ComponentBinary(long offset, long endOffset, List<Section> sections) {}
