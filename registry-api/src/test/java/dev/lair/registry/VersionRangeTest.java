package dev.lair.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    @ParameterizedTest
    @CsvSource({
        "*, 1.0.0, true",
        "*, 1.0.0-rc.1, false",
        "x, 0.0.1, true",
        "1.2.3, 1.2.3, true",
        "1.2.3, 1.2.4, false",
        "=1.2.3, 1.2.3, true",
        "1.2.3, 1.2.3+build, false",
        "1.2.3+build, 1.2.3+build, true",
        "1.0.0-rc.1, 1.0.0-rc.1, true",
        "1, 1.9.9, true",
        "1, 2.0.0, false",
        "1, 1.9.9-rc.1, false",
        "1.x, 1.0.0, true",
        "1.2, 1.2.9, true",
        "1.2.*, 1.3.0, false",
        "=1.2, 1.2.4, true",
        "^1, 1.9.0, true",
        "^1.2, 1.1.9, false",
        "^1.2, 1.3.0, true",
        "^0, 0.9.0, true",
        "^0, 1.0.0, false",
        "^0.0, 0.0.9, true",
        "^0.0, 0.1.0, false",
        "^1.x, 1.5.0, true",
        "^1.2.3, 1.2.3, true",
        "^1.2.3, 1.2.2, false",
        "^1.2.3, 1.9.0, true",
        "^1.2.3, 2.0.0, false",
        "^1.2.3, 2.0.0-alpha, false",
        "^1.2.3, 1.3.0-alpha, false",
        "^1.2.3-beta.1, 1.2.3-beta.2, true",
        "^1.2.3-beta.1, 1.2.4-beta.2, false",
        "^1.2.3-beta.1, 1.2.3-alpha, false",
        "^1.2.3-beta.1, 1.3.0, true",
        "^0.2.3, 0.2.9, true",
        "^0.2.3, 0.3.0, false",
        "^0.0.3, 0.0.3, true",
        "^0.0.3, 0.0.4, false",
        "^0.0.0, 0.0.0, true",
        "~1, 1.9.0, true",
        "~1.2, 1.2.0, true",
        "~1.2.3, 1.2.9, true",
        "~1.2.3, 1.3.0, false",
        "~1.2.3, 1.2.2, false",
        ">=1.2.3, 9.0.0, true",
        ">=1.2.3, 1.2.3, true",
        ">=1.2.3, 1.2.2, false",
        ">=1.2.3, 9.0.0-rc.1, false",
        ">1.2, 1.2.9, false",
        ">1.2, 1.3.0, true",
        "<=1.2, 1.2.9, true",
        "<1.2, 1.2.0, false",
        ">1.2.3, 1.2.3+build, false",
        "<=1.2.3, 1.2.3+build, true",
        ">=1 <2, 1.5.0, true",
        ">=1 <2, 2.0.0, false",
        "'>= 1.2, < 1.4', 1.3.7, true",
        "'>=1.2,<1.4', 1.4.0, false",
        ">=2.0.0-alpha <2.0.0, 2.0.0-beta, true",
        ">=2.0.0-alpha <2.0.0, 2.0.0, false",
        "^1.2.3, 1.2.3+build, true",
        "^18446744073709551615, 18446744073709551615.1.0, true",
        "latest, 1.0.0-rc.1, true"
    })
    void contains(String range, String version, boolean expected) {
        assertThat(VersionRange.parse(range).contains(SemVer.parse(version))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "^",
                "~",
                ">=",
                "1.",
                ".1",
                "1..2",
                "1.x.3",
                "x.1",
                "^x",
                ">=*",
                "01",
                "1.02",
                "^ ",
                " 1",
                "^1.0.0 ",
                "^1.0.0,",
                ",1",
                "1,,2",
                "1 || 2",
                "1.0.0 - 2.0.0",
                "1-rc.1",
                "1.2-rc.1",
                "1.2.x-rc.1",
                "1.2.3.4",
                "v1.0.0",
                "Latest",
                "latest 1",
                "^1.0.0+build",
                ">=1.0.0 <2.0.0+build",
                "==1.0.0",
                "<>1",
                "^~1",
                "**",
                "1\t2",
                "18446744073709551616",
                "١"
            })
    void anythingElseIsRefusedAndTheFormsAreNamed(String range) {
        assertThatThrownBy(() -> VersionRange.parse(range))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("`" + range + "` is not a version or range")
                .hasMessageContaining(VersionRange.SYNTAX);
    }

    @Test
    void longTextIsRefusedAndNotRepeated() {
        String longest = "1" + " 1".repeat((VersionRange.MAX_CHARACTERS - 1) / 2);
        assertThat(VersionRange.parse(longest).contains(SemVer.parse("1.0.0"))).isTrue();
        String longer = "1.0.0-" + "9".repeat(VersionRange.MAX_CHARACTERS);
        assertThatThrownBy(() -> VersionRange.parse(longer))
                .hasMessageContaining("at most 256")
                .hasMessageNotContaining("9".repeat(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "1.2.3", "^1.2.3", "~1.2.3-rc.1", ">=0.0.0", "1.x", ">=1, <2", "latest"})
    void printsAsItIsWritten(String range) {
        assertThat(VersionRange.parse(range)).hasToString(range);
    }

    private static Optional<SemVer> newest(String range, String... versions) {
        return VersionRange.parse(range)
                .newest(Stream.of(versions).map(SemVer::parse).toList());
    }

    @Test
    void latestIsAReleaseVersionAsLongAsThereIsOne() {
        assertThat(newest("latest", "1.0.0", "2.0.0-rc.1", "0.9.0")).contains(SemVer.parse("1.0.0"));
        assertThat(newest("latest", "2.0.0-rc.1", "2.0.0-rc.2")).contains(SemVer.parse("2.0.0-rc.2"));
        assertThat(newest("latest")).isEmpty();
        assertThat(newest("*", "2.0.0-rc.1")).isEmpty();
        assertThat(newest("^1", "1.9.0", "1.10.0", "2.0.0")).contains(SemVer.parse("1.10.0"));
    }

    /** The rules as sentences, on lists of numbers: slow, and with nothing of the real thing in it. */
    private record Sentence(String operator, List<Integer> numbers, String pre) {

        String text() {
            return operator
                    + String.join(".", numbers.stream().map(String::valueOf).toList())
                    + pre;
        }

        boolean names(Candidate candidate) {
            return !pre.isEmpty() && candidate.numbers().equals(numbers);
        }

        boolean admits(Candidate candidate) {
            List<Integer> same = candidate.numbers().subList(0, numbers.size());
            return switch (operator) {
                case "", "=" ->
                    same.equals(numbers)
                            && (numbers.size() < 3 || candidate.pre().equals(pre));
                // All that begin so are neither above nor below it.
                case ">" -> above(candidate, Integer.MAX_VALUE);
                case ">=" -> above(candidate, Integer.MAX_VALUE) || isAtLeast(candidate);
                case "<" -> !above(candidate, Integer.MAX_VALUE) && !isWithin(candidate);
                case "<=" -> !above(candidate, Integer.MAX_VALUE);
                case "~" -> isAtLeast(candidate) && agree(candidate, Math.min(2, numbers.size()));
                case "^" -> isAtLeast(candidate) && agree(candidate, leftmost());
                default -> throw new AssertionError(operator);
            };
        }

        private boolean isWithin(Candidate candidate) {
            return candidate.numbers().subList(0, numbers.size()).equals(numbers)
                    && (numbers.size() < 3 || candidate.pre().equals(pre));
        }

        private boolean above(Candidate candidate, int filler) {
            if (numbers.size() == 3) {
                return ORDER.compare(candidate, new Candidate(numbers, pre)) > 0;
            }
            List<Integer> last = new ArrayList<>(numbers);
            last.addAll(Collections.nCopies(3 - numbers.size(), filler));
            return ORDER.compare(candidate, new Candidate(last, "")) > 0;
        }

        private boolean isAtLeast(Candidate candidate) {
            List<Integer> first = new ArrayList<>(numbers);
            first.addAll(Collections.nCopies(3 - numbers.size(), 0));
            // A pre-release before the first is named by another part at most, and begins with the same numbers.
            return ORDER.compare(candidate, new Candidate(first, pre)) >= 0
                    || (numbers.size() < 3 && operator.equals(">=") && isWithin(candidate));
        }

        private boolean agree(Candidate candidate, int count) {
            return candidate.numbers().subList(0, count).equals(numbers.subList(0, count));
        }

        private int leftmost() {
            for (int i = 0; i < numbers.size(); i++) {
                if (numbers.get(i) != 0) {
                    return i + 1;
                }
            }
            return numbers.size();
        }
    }

    private record Candidate(List<Integer> numbers, String pre) {
        SemVer version() {
            return SemVer.parse(numbers.get(0) + "." + numbers.get(1) + "." + numbers.get(2) + pre);
        }
    }

    private static final List<String> PRE_RELEASES = List.of("-alpha", "-beta.2", "-beta.10", "");

    private static final Comparator<Candidate> ORDER = Comparator.comparing(
                    (Candidate candidate) -> candidate.numbers().get(0))
            .thenComparing(candidate -> candidate.numbers().get(1))
            .thenComparing(candidate -> candidate.numbers().get(2))
            .thenComparing(candidate -> PRE_RELEASES.indexOf(candidate.pre()));

    private static Sentence sentence(Random random) {
        List<String> operators = List.of("", "=", ">", ">=", "<", "<=", "~", "^");
        List<Integer> numbers = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            numbers.add(random.nextInt(3));
        }
        String pre = count == 3 ? PRE_RELEASES.get(random.nextInt(PRE_RELEASES.size())) : "";
        return new Sentence(operators.get(random.nextInt(operators.size())), numbers, pre);
    }

    private static List<Candidate> universe() {
        List<Candidate> universe = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            for (String pre : PRE_RELEASES) {
                universe.add(new Candidate(List.of(i / 16, i / 4 % 4, i % 4), pre));
            }
        }
        return universe;
    }

    /** 20,000 ranges of one to three parts against every version of a small universe. */
    @Test
    void readsAsTheRulesSayWordByWord() {
        Random random = new Random(7);
        List<Candidate> universe = universe();
        for (int i = 0; i < 20_000; i++) {
            List<Sentence> sentences = Stream.generate(() -> sentence(random))
                    .limit(1 + random.nextInt(3))
                    .toList();
            String text = String.join(
                    random.nextBoolean() ? " " : ", ",
                    sentences.stream().map(Sentence::text).toList());
            VersionRange range = VersionRange.parse(text);
            List<Candidate> expected = universe.stream()
                    .filter(candidate -> candidate.pre().isEmpty()
                            || sentences.stream().anyMatch(sentence -> sentence.names(candidate)))
                    .filter(candidate -> sentences.stream().allMatch(sentence -> sentence.admits(candidate)))
                    .toList();
            assertThat(universe.stream().filter(candidate -> range.contains(candidate.version())))
                    .as(text)
                    .containsExactlyElementsOf(expected);
            assertThat(range.newest(universe.stream().map(Candidate::version).toList()))
                    .as(text)
                    .isEqualTo(expected.stream().max(ORDER).map(Candidate::version));
        }
    }
}
