package dev.lair.component.compat;

import dev.lair.component.names.SemanticVersion;

/** What an author can do about a breaking difference. */
final class Advice {
    private Advice() {}

    static String on(Difference difference, VersionStep versions) {
        return switch (difference) {
            case Difference.Added added ->
                switch (added.grounds()) {
                    case NO_SINCE, STALE_SINCE -> mark(versions);
                    case REQUIRED, SINCE, FREE, UNSTABLE ->
                        "take the " + added.item().label() + " out, or " + release(versions);
                };
            case Difference.Removed removed -> "keep it, under @deprecated if it should go, or " + release(versions);
            case Difference.Changed changed
            when changed.item() == Item.PACKAGE ->
                "compare versions of one package, or release this one under its own name";
            case Difference.Changed changed ->
                "keep it as it was and add the new form under another name and @since, or " + release(versions);
            case Difference.Regated regated -> "keep its gate, or " + release(versions);
            case Difference.Moved moved -> "stay on the old track of that package, or " + release(versions);
        };
    }

    private static String mark(VersionStep versions) {
        SemanticVersion to = versions.to();
        return to == null
                ? "give the package a version and write @since(version = …) in front of it"
                : "write @since(version = " + to.withoutBuild() + ") in front of it"
                        + (versions.relation() == VersionStep.Relation.SAME_VERSION ? " in a later version" : "");
    }

    private static String release(VersionStep versions) {
        SemanticVersion next = versions.nextTrack();
        return next == null ? "release it under another name" : "release it as " + next + " or another new track";
    }
}
