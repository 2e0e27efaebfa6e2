package dev.lair.cli.report;

import java.util.List;

/**
 * The place in a text that a fault is about.
 *
 * @param file the text's name as the person wrote it; empty when nothing is known
 * @param line from 1; 0 when nothing is known
 * @param column in code points from 1
 * @param lines what to print below the message: the rest of it, the source line, a caret
 */
public record Excerpt(String file, int line, int column, List<String> lines) {
    public Excerpt {
        lines = List.copyOf(lines);
    }
}
