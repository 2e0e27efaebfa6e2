package dev.lair.cli.monitor;

import dev.lair.cli.report.Fault;
import dev.lair.registry.PackageName;
import dev.lair.registry.log.OperatorEntry;
import dev.lair.registry.log.OperatorPermission;
import dev.lair.registry.log.PackageEntry;
import dev.lair.registry.log.PackagePermission;
import dev.lair.registry.log.SignedOperatorRecord;
import dev.lair.signing.KeyId;
import dev.lair.transparency.LogId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds in the records what the owners should know. Nothing that it finds is told before the records are proven: events
 * are gathered, and {@linkplain #drain taken} once they are.
 */
final class Watch {

    private final List<Owner> owners;
    private final Names names;
    private final List<Event> events = new ArrayList<>();
    private long unnamed;

    Watch(List<Owner> owners, Names names) {
        this.owners = List.copyOf(owners);
        this.names = names;
        for (Owner owner : owners) {
            if (owner instanceof Owner.OfPackage one) {
                names.add(one.name());
            }
        }
    }

    /** Looks through records that were appended, in their order. */
    void look(List<Replica.Appended> appended) throws Fault {
        if (owners.isEmpty()) {
            return;
        }
        learnNames(appended);
        for (Replica.Appended one : appended) {
            switch (one) {
                case Replica.Appended.OfPackage record -> {
                    List<Owner> concerned = owners.stream()
                            .filter(owner -> concerns(owner, record))
                            .toList();
                    if (!concerned.isEmpty()) {
                        record.record()
                                .contents()
                                .entries()
                                .forEach(entry -> events.add(event(concerned, record, entry)));
                    }
                }
                case Replica.Appended.OfOperator record -> {
                    for (OperatorEntry entry : record.record().contents().entries()) {
                        List<Owner> concerned = owners.stream()
                                .filter(owner -> concerns(owner, entry))
                                .toList();
                        if (!concerned.isEmpty()) {
                            events.add(event(concerned, record, entry));
                        }
                    }
                }
            }
        }
    }

    /** Whoever owns a namespace has to know the name of every log; others only those that concern them. */
    private void learnNames(List<Replica.Appended> appended) throws Fault {
        boolean all = owners.stream().anyMatch(Owner.OfNamespace.class::isInstance);
        List<LogId> logs = new ArrayList<>();
        for (Replica.Appended one : appended) {
            if (one instanceof Replica.Appended.OfPackage record
                    && (all || owners.stream().anyMatch(owner -> concerns(owner, record)))) {
                logs.add(record.log());
            }
        }
        names.learn(logs);
        if (all) {
            unnamed += logs.stream()
                    .distinct()
                    .filter(log -> names.of(log).isEmpty())
                    .count();
        }
    }

    private boolean concerns(Owner owner, Replica.Appended.OfPackage record) {
        return switch (owner) {
            case Owner.OfKey of ->
                record.before().key(of.key()).isPresent()
                        || record.after().key(of.key()).isPresent();
            case Owner.OfNamespace of ->
                names.of(record.log())
                        .map(name -> name.namespace().equals(of.namespace()))
                        .orElse(false);
            case Owner.OfPackage of -> of.name().logId().equals(record.log());
        };
    }

    /** The operator's keys concern everybody: who holds them may sign any checkpoint. */
    private static boolean concerns(Owner owner, OperatorEntry entry) {
        return switch (entry) {
            case OperatorEntry.DefineNamespace define -> isIn(owner, define.namespace());
            case OperatorEntry.ImportNamespace imported -> isIn(owner, imported.namespace());
            case OperatorEntry.Init init -> true;
            case OperatorEntry.Grant grant -> true;
            case OperatorEntry.Revoke revoke -> true;
        };
    }

    private static boolean isIn(Owner owner, String namespace) {
        return switch (owner) {
            case Owner.OfKey key -> false;
            case Owner.OfNamespace of -> of.namespace().value().equals(namespace);
            case Owner.OfPackage of -> of.name().namespace().value().equals(namespace);
        };
    }

    private Event event(List<Owner> concerned, Replica.Appended.OfPackage of, PackageEntry entry) {
        Told told = told(entry);
        Optional<PackageName> name = names.of(of.log());
        return new Event(
                told.kind(),
                concerned,
                name.map(PackageName::toString).orElse(of.log().toString()),
                of.leafIndex(),
                of.record().contents().time(),
                of.record().id(),
                of.record().envelope().keyId(),
                told.text(),
                told.details());
    }

    private static Event event(List<Owner> concerned, Replica.Appended.OfOperator of, OperatorEntry entry) {
        Told told = told(entry);
        SignedOperatorRecord record = of.record();
        return new Event(
                told.kind(),
                concerned,
                "operator log",
                of.leafIndex(),
                record.contents().time(),
                record.id(),
                record.envelope().keyId(),
                told.text(),
                told.details());
    }

    /** An entry in words and values. */
    private record Told(String kind, String text, Map<String, String> details) {}

    private static Told told(PackageEntry entry) {
        return switch (entry) {
            case PackageEntry.Init init ->
                key("started", "its log starts; key %s owns it", init.key().keyId(), "release and yank");
            case PackageEntry.Grant grant ->
                key("grant", "key %s may now %s", grant.key().keyId(), permissions(grant.permissions()));
            case PackageEntry.Revoke revoke ->
                key("revoke", "key %s may no longer %s", revoke.keyId(), permissions(revoke.permissions()));
            case PackageEntry.Release release ->
                new Told(
                        "release",
                        "released " + release.version() + " with content " + release.content(),
                        Map.of(
                                "version", release.version().toString(),
                                "digest", release.content().toString()));
            case PackageEntry.Yank yank ->
                new Told(
                        "yank",
                        "yanked " + yank.version(),
                        Map.of("version", yank.version().toString()));
        };
    }

    private static Told told(OperatorEntry entry) {
        return switch (entry) {
            case OperatorEntry.Init init ->
                key(
                        "operator-started",
                        "key %s operates the registry",
                        init.key().keyId(),
                        "everything");
            case OperatorEntry.Grant grant ->
                key("operator-grant", "key %s may now %s", grant.key().keyId(), operations(grant.permissions()));
            case OperatorEntry.Revoke revoke ->
                key("operator-revoke", "key %s may no longer %s", revoke.keyId(), operations(revoke.permissions()));
            case OperatorEntry.DefineNamespace define ->
                new Told(
                        "namespace",
                        "namespace " + define.namespace() + " is defined here",
                        Map.of("namespace", define.namespace()));
            case OperatorEntry.ImportNamespace imported ->
                new Told(
                        "namespace-import",
                        "namespace " + imported.namespace() + " now lives on " + imported.registry(),
                        Map.of("namespace", imported.namespace(), "registry", imported.registry()));
        };
    }

    private static Told key(String kind, String text, KeyId key, String permissions) {
        return new Told(
                kind, String.format(text, key, permissions), Map.of("key", key.toString(), "permissions", permissions));
    }

    private static String permissions(List<PackagePermission> permissions) {
        return permissions.isEmpty()
                ? "nothing"
                : permissions.stream().map(PackagePermission::label).collect(Collectors.joining(" and "));
    }

    private static String operations(List<OperatorPermission> permissions) {
        return permissions.isEmpty()
                ? "nothing"
                : permissions.stream().map(OperatorPermission::label).collect(Collectors.joining(" and "));
    }

    /** What was found since the last call. */
    List<Event> drain() {
        List<Event> found = List.copyOf(events);
        events.clear();
        return found;
    }

    /** Logs since the last call whose name the registry does not tell: what the owner of a namespace may have missed. */
    long drainUnnamed() {
        long count = unnamed;
        unnamed = 0;
        return count;
    }

    /** Forgets what was found in records that were not proven. */
    void clear() {
        events.clear();
        unnamed = 0;
    }
}
