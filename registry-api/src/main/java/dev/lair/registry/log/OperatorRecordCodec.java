package dev.lair.registry.log;

import com.google.protobuf.CodedInputStream;
import dev.lair.registry.log.RecordWire.Once;
import dev.lair.registry.log.RecordWire.Parts;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code warg.protocol.OperatorRecord} (warg protocol, section 1). The common fields are {@link RecordWire}'s; an entry is
 *
 * <pre>
 * message OperatorEntry {
 *   oneof contents {
 *     Init init = 1;                        // string hash_algorithm = 1, string key = 2: the reverse of PackageRecord's
 *     GrantFlat grant_flat = 2;             // string key = 1, repeated OperatorPermission permissions = 2
 *     RevokeFlat revoke_flat = 3;           // string key_id = 1, repeated OperatorPermission permissions = 2
 *     DefineNamespace define_namespace = 4; // string namespace = 1
 *     ImportNamespace import_namespace = 5; // string namespace = 1, string registry = 2
 *   }
 * }
 * enum OperatorPermission { UNSPECIFIED = 0; COMMIT = 1; DEFINE_NAMESPACE = 2; IMPORT_NAMESPACE = 3; }
 * </pre>
 */
public final class OperatorRecordCodec {

    private static final int INIT = 1;
    private static final int GRANT = 2;
    private static final int REVOKE = 3;
    private static final int DEFINE = 4;
    private static final int IMPORT = 5;

    private OperatorRecordCodec() {}

    /**
     * Parses the content bytes of an operator record.
     *
     * @throws MalformedRecordException for a broken encoding, no time, an empty entry, an unknown permission or hash
     *     algorithm, or a key that is not one
     */
    public static OperatorRecord parse(byte[] content) throws MalformedRecordException {
        Parts parts = RecordWire.parse(content);
        List<OperatorEntry> entries = new ArrayList<>(parts.entries().size());
        for (byte[] entry : parts.entries()) {
            entries.add(parseEntry(entry));
        }
        return new OperatorRecord(parts.prev(), parts.version(), parts.time(), entries);
    }

    /** The canonical encoding. */
    public static byte[] format(OperatorRecord record) {
        List<byte[]> entries =
                record.entries().stream().map(OperatorRecordCodec::formatEntry).toList();
        return RecordWire.format(record.prev(), record.version(), record.time(), entries);
    }

    private static OperatorEntry parseEntry(byte[] bytes) throws MalformedRecordException {
        Once<OperatorEntry> entry = new Once<>("contents");
        RecordWire.readMessage(bytes, (field, in) -> {
            OperatorEntry read = readEntry(field, in);
            if (read != null) {
                entry.set(read);
            }
            return read != null;
        });
        return RecordWire.requireEntry(entry.value());
    }

    private static @Nullable OperatorEntry readEntry(int field, CodedInputStream in)
            throws IOException, MalformedRecordException {
        return switch (field) {
            case INIT -> init(in.readByteArray());
            case GRANT -> grant(in.readByteArray());
            case REVOKE -> revoke(in.readByteArray());
            case DEFINE -> define(in.readByteArray());
            case IMPORT -> importNamespace(in.readByteArray());
            default -> null;
        };
    }

    private static OperatorEntry init(byte[] bytes) throws MalformedRecordException {
        Once<String> algorithm = new Once<>("hash_algorithm");
        Once<PublicKey> key = new Once<>("key");
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> algorithm.set(in.readStringRequireUtf8());
                case 2 -> key.set(RecordWire.key(in.readStringRequireUtf8()));
                default -> {
                    return false;
                }
            }
            return true;
        });
        RecordWire.requireSha256(algorithm.value());
        return new OperatorEntry.Init(key.required());
    }

    private static OperatorEntry grant(byte[] bytes) throws MalformedRecordException {
        Once<PublicKey> key = new Once<>("key");
        List<OperatorPermission> permissions = new ArrayList<>();
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> key.set(RecordWire.key(in.readStringRequireUtf8()));
                case 2 -> RecordWire.readPermissions(in, OperatorPermission.values(), permissions);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OperatorEntry.Grant(key.required(), permissions);
    }

    private static OperatorEntry revoke(byte[] bytes) throws MalformedRecordException {
        Once<KeyId> keyId = new Once<>("key_id");
        List<OperatorPermission> permissions = new ArrayList<>();
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> keyId.set(RecordWire.keyId(in.readStringRequireUtf8()));
                case 2 -> RecordWire.readPermissions(in, OperatorPermission.values(), permissions);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OperatorEntry.Revoke(keyId.required(), permissions);
    }

    private static OperatorEntry define(byte[] bytes) throws MalformedRecordException {
        Once<String> namespace = new Once<>("namespace");
        RecordWire.readMessage(bytes, (field, in) -> {
            if (field == 1) {
                namespace.set(in.readStringRequireUtf8());
            }
            return field == 1;
        });
        return new OperatorEntry.DefineNamespace(orEmpty(namespace));
    }

    private static OperatorEntry importNamespace(byte[] bytes) throws MalformedRecordException {
        Once<String> namespace = new Once<>("namespace");
        Once<String> registry = new Once<>("registry");
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> namespace.set(in.readStringRequireUtf8());
                case 2 -> registry.set(in.readStringRequireUtf8());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new OperatorEntry.ImportNamespace(orEmpty(namespace), orEmpty(registry));
    }

    /** proto3: a text left out is the empty text. The log says whether that is a namespace. */
    private static String orEmpty(Once<String> text) {
        String given = text.value();
        return given == null ? "" : given;
    }

    private static byte[] formatEntry(OperatorEntry entry) {
        return switch (entry) {
            case OperatorEntry.Init init ->
                wrap(INIT, RecordWire.message(out -> {
                    out.writeString(1, RecordWire.hashAlgorithm());
                    out.writeString(2, init.key().text());
                }));
            case OperatorEntry.Grant grant ->
                wrap(GRANT, RecordWire.message(out -> {
                    out.writeString(1, grant.key().text());
                    RecordWire.writePermissions(out, 2, grant.permissions());
                }));
            case OperatorEntry.Revoke revoke ->
                wrap(REVOKE, RecordWire.message(out -> {
                    out.writeString(1, revoke.keyId().toString());
                    RecordWire.writePermissions(out, 2, revoke.permissions());
                }));
            case OperatorEntry.DefineNamespace define ->
                wrap(DEFINE, RecordWire.message(out -> {
                    if (!define.namespace().isEmpty()) {
                        out.writeString(1, define.namespace());
                    }
                }));
            case OperatorEntry.ImportNamespace imported ->
                wrap(IMPORT, RecordWire.message(out -> {
                    if (!imported.namespace().isEmpty()) {
                        out.writeString(1, imported.namespace());
                    }
                    if (!imported.registry().isEmpty()) {
                        out.writeString(2, imported.registry());
                    }
                }));
        };
    }

    private static byte[] wrap(int field, byte[] message) {
        return RecordWire.message(out -> out.writeByteArray(field, message));
    }
}
