package dev.lair.cli.wit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Difference of two lists of lines by the shortest edit (Myers, "An O(ND) Difference Algorithm", 1986). Each line of the
 * result has a mark in front: {@code -} only in the old, {@code +} only in the new, a space in both.
 */
final class LineDiff {
    /** Edits that are searched for, which costs their square in memory. Texts further apart are shown as replaced. */
    private static final int EDITS = 2_000;

    /** Equal lines around a change that are shown. */
    private static final int CONTEXT = 3;

    private final List<String> before;
    private final List<String> after;
    private final List<int[]> steps = new ArrayList<>();

    private LineDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** All lines of both. */
    static List<String> all(List<String> before, List<String> after) {
        LineDiff diff = new LineDiff(before, after);
        return diff.search() ? diff.walkBack() : replaced(before, after);
    }

    /** Changed lines with some lines around them; {@code …} stands where equal lines are left out. */
    static List<String> near(List<String> before, List<String> after) {
        List<String> all = all(before, after);
        boolean[] shown = new boolean[all.size()];
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).charAt(0) != ' ') {
                Arrays.fill(shown, Math.max(0, i - CONTEXT), Math.min(all.size(), i + CONTEXT + 1), true);
            }
        }
        List<String> near = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (shown[i]) {
                near.add(all.get(i));
            } else if (i == 0 || shown[i - 1]) {
                near.add(" …");
            }
        }
        return near;
    }

    static List<String> marked(char mark, List<String> lines) {
        return lines.stream().map(line -> mark + line).toList();
    }

    private static List<String> replaced(List<String> before, List<String> after) {
        List<String> lines = new ArrayList<>(marked('-', before));
        lines.addAll(marked('+', after));
        return lines;
    }

    /** For each number of edits, the furthest old line on each diagonal, until one reaches the end of both. */
    private boolean search() {
        int limit = Math.min(EDITS, before.size() + after.size());
        int[] furthest = new int[2 * limit + 3];
        int zero = limit + 1;
        for (int edits = 0; edits <= limit; edits++) {
            for (int k = -edits; k <= edits; k += 2) {
                int x = isDown(furthest, zero, k, edits) ? furthest[zero + k + 1] : furthest[zero + k - 1] + 1;
                int y = x - k;
                while (x < before.size() && y < after.size() && before.get(x).equals(after.get(y))) {
                    x++;
                    y++;
                }
                furthest[zero + k] = x;
                if (x >= before.size() && y >= after.size()) {
                    steps.add(Arrays.copyOfRange(furthest, zero - edits - 1, zero + edits + 2));
                    return true;
                }
            }
            steps.add(Arrays.copyOfRange(furthest, zero - edits - 1, zero + edits + 2));
        }
        return false;
    }

    private static boolean isDown(int[] furthest, int zero, int k, int edits) {
        return k == -edits || (k != edits && furthest[zero + k - 1] < furthest[zero + k + 1]);
    }

    private List<String> walkBack() {
        List<String> reversed = new ArrayList<>();
        int x = before.size();
        int y = after.size();
        for (int edits = steps.size() - 1; edits > 0; edits--) {
            int[] previous = steps.get(edits - 1);
            int zero = edits;
            int k = x - y;
            boolean down = k == -edits || (k != edits && at(previous, zero, k - 1) < at(previous, zero, k + 1));
            int fromX = down ? at(previous, zero, k + 1) : at(previous, zero, k - 1);
            int fromY = fromX - (down ? k + 1 : k - 1);
            while (x > fromX && y > fromY && x > 0 && y > 0) {
                reversed.add(" " + before.get(--x));
                y--;
            }
            if (down) {
                reversed.add("+" + after.get(--y));
            } else {
                reversed.add("-" + before.get(--x));
            }
        }
        while (x > 0) {
            reversed.add(" " + before.get(--x));
        }
        return reversed.reversed();
    }

    /** A step for {@code n} edits has the diagonals -n-1 to n+1; others were never reached. */
    private static int at(int[] step, int zero, int k) {
        int index = zero + k;
        return index < 0 || index >= step.length ? 0 : step[index];
    }
}
