package dev.lair.signing.note;

import dev.lair.transparency.DecimalText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringTokenizer;

/**
 * The policy file (c2sp.org/tlog-policy). One entry per line, words between blanks (space and tab); empty lines and
 * lines whose first word starts with {@code #} are skipped; no control characters but tab and line feed:
 *
 * <pre>
 * log VKEY [URL]
 * witness NAME VKEY [URL]
 * group NAME all|any|K NAME...     members are defined on lines above; K in decimal, 1 to the number of members
 * quorum NAME|none                 exactly one; defined on a line above
 * </pre>
 *
 * <p>The format leaves bytes above 0x7F opaque. Here comments may hold any, while names, keys and URLs must be UTF-8.
 * The last line feed may be missing. {@link #parse} reads back what {@link #format} writes, in its order: logs, voters,
 * quorum.
 */
final class WitnessPolicyCodec {

    private static final String BLANKS = " \t";

    private final PolicyRules rules = new PolicyRules();
    private final List<WitnessPolicy.Log> logs = new ArrayList<>();
    private final List<WitnessPolicy.Voter> voters = new ArrayList<>();
    private Optional<String> quorum = Optional.empty();

    private WitnessPolicyCodec() {}

    static WitnessPolicy parse(byte[] file) {
        if (file.length > Limits.POLICY_BYTES) {
            throw new MalformedPolicyException("it has more than " + Limits.POLICY_BYTES + " bytes");
        }
        WitnessPolicyCodec codec = new WitnessPolicyCodec();
        int number = 0;
        // One char per byte, so that comments in another encoding pass.
        for (String line : new String(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            number++;
            try {
                codec.line(line);
            } catch (MalformedPolicyException e) {
                throw e.at(number);
            }
        }
        return new WitnessPolicy(
                codec.logs,
                codec.voters,
                codec.quorum.orElseThrow(() -> new MalformedPolicyException(
                        "it must have a line `quorum NAME`, or `quorum none` when no witness is needed")));
    }

    private void line(String line) {
        if (line.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
            throw new MalformedPolicyException("control characters other than tab and line feed are not allowed"
                    + (line.endsWith("\r") ? " (lines end with a carriage return)" : ""));
        }
        StringTokenizer blanks = new StringTokenizer(line, BLANKS);
        if (!blanks.hasMoreTokens()) {
            return;
        }
        String keyword = blanks.nextToken();
        if (keyword.startsWith("#")) {
            return;
        }
        List<String> words = new ArrayList<>();
        while (blanks.hasMoreTokens()) {
            words.add(word(blanks.nextToken()));
        }
        switch (keyword) {
            case "log" -> log(words);
            case "witness" -> witness(words);
            case "group" -> group(words);
            case "quorum" -> quorum(words);
            default ->
                throw new MalformedPolicyException("`" + word(keyword) + "` must be log, witness, group or quorum");
        }
    }

    private static String word(String latin1) {
        return NoteText.decode(latin1.getBytes(StandardCharsets.ISO_8859_1))
                .orElseThrow(() -> new MalformedPolicyException("names, keys and URLs must be UTF-8"));
    }

    private void log(List<String> words) {
        requireWords(words, 1, 2, "log VKEY [URL]");
        WitnessPolicy.Log log = new WitnessPolicy.Log(key(words.get(0)), optional(words, 1));
        rules.add(log);
        logs.add(log);
    }

    private void witness(List<String> words) {
        requireWords(words, 2, 3, "witness NAME VKEY [URL]");
        add(new WitnessPolicy.Witness(words.get(0), key(words.get(1)), optional(words, 2)));
    }

    private void group(List<String> words) {
        requireWords(words, 3, Integer.MAX_VALUE, "group NAME all|any|K NAME...");
        List<String> members = words.subList(2, words.size());
        add(new WitnessPolicy.Group(words.get(0), threshold(words.get(1), members.size()), members));
    }

    private void add(WitnessPolicy.Voter voter) {
        rules.add(voter);
        voters.add(voter);
    }

    private void quorum(List<String> words) {
        requireWords(words, 1, 1, "quorum NAME|none");
        if (quorum.isPresent()) {
            throw new MalformedPolicyException("a policy has one quorum line, this is the second");
        }
        rules.quorum(words.get(0));
        quorum = Optional.of(words.get(0));
    }

    private static void requireWords(List<String> words, int least, int most, String form) {
        if (words.size() < least || words.size() > most) {
            throw new MalformedPolicyException("it must be `" + form + "`");
        }
    }

    private static NoteKey key(String text) {
        try {
            return NoteKey.parse(text);
        } catch (MalformedNoteKeyException e) {
            throw new MalformedPolicyException(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> optional(List<String> words, int index) {
        return index < words.size() ? Optional.of(words.get(index)) : Optional.empty();
    }

    private static int threshold(String text, int members) {
        if (text.equals("all")) {
            return members;
        }
        if (text.equals("any")) {
            return 1;
        }
        OptionalLong number = DecimalText.parse(text);
        if (number.isEmpty() || number.getAsLong() < 1 || number.getAsLong() > members) {
            throw new MalformedPolicyException(
                    "`" + text + "` must be all, any, or a number from 1 to the " + members + " members");
        }
        return (int) number.getAsLong();
    }

    static String format(WitnessPolicy policy) {
        StringBuilder text = new StringBuilder();
        for (WitnessPolicy.Log log : policy.logs()) {
            line(text, "log", log.key().text() + suffix(log.url()));
        }
        for (WitnessPolicy.Voter voter : policy.voters()) {
            switch (voter) {
                case WitnessPolicy.Witness witness ->
                    line(text, "witness", witness.name(), witness.key().text() + suffix(witness.url()));
                case WitnessPolicy.Group group ->
                    line(text, "group", group.name(), thresholdText(group), String.join(" ", group.members()));
            }
        }
        line(text, "quorum", policy.quorum());
        return text.toString();
    }

    private static String suffix(Optional<String> url) {
        return url.map(text -> " " + text).orElse("");
    }

    private static String thresholdText(WitnessPolicy.Group group) {
        if (group.threshold() == group.members().size()) {
            return "all";
        }
        return group.threshold() == 1 ? "any" : Integer.toString(group.threshold());
    }

    private static void line(StringBuilder text, String... words) {
        text.append(String.join(" ", words)).append('\n');
    }
}
