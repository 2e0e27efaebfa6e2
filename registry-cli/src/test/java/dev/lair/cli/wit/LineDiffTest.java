package dev.lair.cli.wit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineDiffTest {

    private static List<String> lines(String letters) {
        return letters.isEmpty() ? List.of() : Arrays.asList(letters.split(""));
    }

    @Test
    void theClassicExampleTakesFiveEdits() {
        List<String> all = LineDiff.all(lines("abcabba"), lines("cbabac"));
        assertThat(all).filteredOn(line -> !line.startsWith(" ")).hasSize(5);
    }

    @Test
    void eachSideReadsBackFromTheDifference() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            List<String> before = random(random);
            List<String> after = random(random);
            List<String> all = LineDiff.all(before, after);
            assertThat(side(all, '+')).as("%s %s", before, after).isEqualTo(before);
            assertThat(side(all, '-')).as("%s %s", before, after).isEqualTo(after);
        }
    }

    private static List<String> random(Random random) {
        return IntStream.range(0, random.nextInt(12))
                .mapToObj(i -> String.valueOf((char) ('a' + random.nextInt(3))))
                .toList();
    }

    private static List<String> side(List<String> all, char without) {
        return all.stream()
                .filter(line -> line.charAt(0) != without)
                .map(line -> line.substring(1))
                .toList();
    }

    @Test
    void equalLinesFarFromAChangeAreLeftOut() {
        List<String> before = new ArrayList<>(lines("abcdefghij"));
        List<String> after = new ArrayList<>(before);
        after.set(9, "J");
        assertThat(LineDiff.near(before, after)).containsExactly(" …", " g", " h", " i", "-j", "+J");
    }

    @Test
    void textsWithNothingInCommonEndAsReplacedWithoutTheSearchOfALifetime() {
        List<String> before = IntStream.range(0, 20_000).mapToObj(i -> "a" + i).toList();
        List<String> after = IntStream.range(0, 20_000).mapToObj(i -> "b" + i).toList();
        List<String> all = LineDiff.all(before, after);
        assertThat(all).hasSize(40_000);
        assertThat(all.getFirst()).isEqualTo("-a0");
        assertThat(all.getLast()).isEqualTo("+b19999");
    }
}
