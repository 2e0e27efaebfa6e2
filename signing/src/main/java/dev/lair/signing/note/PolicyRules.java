package dev.lair.signing.note;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules that a policy keeps (c2sp.org/tlog-policy), checked entry by entry so that a parser can name the line. */
final class PolicyRules {

    private final List<NoteKey> logKeys = new ArrayList<>();
    private final List<NoteKey> witnessKeys = new ArrayList<>();
    private final Map<String, NoteKey> byId = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> members = new HashSet<>();
    private int groups;

    void add(WitnessPolicy.Log log) {
        requireRoom(logKeys.size(), "logs");
        if (log.key().type().isEmpty()) {
            throw unusable("log", log.key());
        }
        requireNew("log", log.key(), logKeys);
        requireTellable(log.key());
        requireUrl(log.url());
        logKeys.add(log.key());
    }

    void add(WitnessPolicy.Voter voter) {
        switch (voter) {
            case WitnessPolicy.Witness witness -> add(witness);
            case WitnessPolicy.Group group -> add(group);
        }
    }

    private void add(WitnessPolicy.Witness witness) {
        requireRoom(witnessKeys.size(), "witnesses");
        if (!witness.key().type().map(NoteKeyType::isTimed).orElse(false)) {
            throw unusable("witness", witness.key());
        }
        requireNew("witness", witness.key(), witnessKeys);
        requireTellable(witness.key());
        requireUrl(witness.url());
        define(witness.name());
        witnessKeys.add(witness.key());
    }

    private void add(WitnessPolicy.Group group) {
        requireRoom(groups, "groups");
        if (group.members().isEmpty()) {
            throw new MalformedPolicyException("group `" + group.name() + "` needs at least one member");
        }
        if (group.threshold() < 1 || group.threshold() > group.members().size()) {
            throw new MalformedPolicyException("the threshold of group `" + group.name() + "` lies between 1 and its "
                    + group.members().size() + " members, not at " + group.threshold());
        }
        for (String member : group.members()) {
            requireDefined(member);
            if (!members.add(member)) {
                throw new MalformedPolicyException("`" + member + "` can be a member once only, else it votes twice");
            }
        }
        define(group.name());
        groups++;
    }

    void quorum(String name) {
        if (!name.equals(WitnessPolicy.NO_QUORUM)) {
            requireDefined(name);
        }
    }

    private void define(String name) {
        requireToken("a name", name);
        if (name.equals(WitnessPolicy.NO_QUORUM)) {
            throw new MalformedPolicyException("`none` is the quorum that needs nobody and cannot be defined");
        }
        if (!names.add(name)) {
            throw new MalformedPolicyException("the name `" + name + "` is defined twice");
        }
    }

    private void requireDefined(String name) {
        if (!names.contains(name)) {
            throw new MalformedPolicyException("`" + name + "` must be a witness or group that is defined above");
        }
    }

    private static void requireUrl(Optional<String> url) {
        url.ifPresent(text -> requireToken("a URL", text));
    }

    /** Checks that {@code text} can stand between blanks on a line. */
    private static void requireToken(String what, String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new MalformedPolicyException(
                    what + " must not be empty and have no white space or control character");
        }
    }

    private static void requireNew(String what, NoteKey key, List<NoteKey> earlier) {
        for (NoteKey other : earlier) {
            if (key.wrapsSameKey(other)) {
                throw new MalformedPolicyException(
                        "the public key of " + what + " `" + key.name() + "` is also that of `" + other.name() + "`");
            }
        }
    }

    /** One key may be a log's and a witness's; two different keys must not look alike in a note. */
    private void requireTellable(NoteKey key) {
        NoteKey other = byId.putIfAbsent(key.name() + "+" + key.keyIdHex(), key);
        if (other != null && !other.equals(key)) {
            throw new MalformedPolicyException(
                    "two different keys are named `" + key.name() + "` with the key id " + key.keyIdHex());
        }
    }

    private static MalformedPolicyException unusable(String what, NoteKey key) {
        return new MalformedPolicyException("a " + what + "'s key must be of a type that is verified here ("
                + (what.equals("witness") ? "0x04 or 0x06" : "0x01, 0x04 or 0x06") + "), `" + key.name()
                + "` has type " + key.typeCode());
    }

    private static void requireRoom(int used, String what) {
        if (used == Limits.POLICY_ENTRIES) {
            throw new MalformedPolicyException("it has more than " + Limits.POLICY_ENTRIES + " " + what);
        }
    }
}
