package dev.lair.registry.log;

import com.google.protobuf.CodedInputStream;
import dev.lair.registry.SemVer;
import dev.lair.registry.log.RecordWire.Once;
import dev.lair.registry.log.RecordWire.Parts;
import dev.lair.signing.KeyId;
import dev.lair.signing.PublicKey;
import dev.lair.transparency.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code warg.protocol.PackageRecord} (warg protocol, section 1). The common fields are {@link RecordWire}'s; an entry is
 *
 * <pre>
 * message PackageEntry {
 *   oneof contents {
 *     Init init = 1;               // string key = 1, string hash_algorithm = 2
 *     GrantFlat grant_flat = 2;    // string key = 1, repeated PackagePermission permissions = 2
 *     RevokeFlat revoke_flat = 3;  // string key_id = 1, repeated PackagePermission permissions = 2
 *     Release release = 4;         // string version = 1, string content_hash = 2
 *     Yank yank = 5;               // string version = 1
 *   }
 * }
 * enum PackagePermission { UNSPECIFIED = 0; RELEASE = 1; YANK = 2; }
 * </pre>
 */
public final class PackageRecordCodec {

    private static final int INIT = 1;
    private static final int GRANT = 2;
    private static final int REVOKE = 3;
    private static final int RELEASE = 4;
    private static final int YANK = 5;

    private PackageRecordCodec() {}

    /**
     * Parses the content bytes of a package record.
     *
     * @throws MalformedRecordException for a broken encoding, no time, an empty entry, an unknown permission or hash
     *     algorithm, or a key, digest or version that is not one
     */
    public static PackageRecord parse(byte[] content) throws MalformedRecordException {
        Parts parts = RecordWire.parse(content);
        List<PackageEntry> entries = new ArrayList<>(parts.entries().size());
        for (byte[] entry : parts.entries()) {
            entries.add(parseEntry(entry));
        }
        return new PackageRecord(parts.prev(), parts.version(), parts.time(), entries);
    }

    /** The canonical encoding. */
    public static byte[] format(PackageRecord record) {
        List<byte[]> entries =
                record.entries().stream().map(PackageRecordCodec::formatEntry).toList();
        return RecordWire.format(record.prev(), record.version(), record.time(), entries);
    }

    private static PackageEntry parseEntry(byte[] bytes) throws MalformedRecordException {
        Once<PackageEntry> entry = new Once<>("contents");
        RecordWire.readMessage(bytes, (field, in) -> {
            PackageEntry read = readEntry(field, in);
            if (read != null) {
                entry.set(read);
            }
            return read != null;
        });
        return RecordWire.requireEntry(entry.value());
    }

    private static @Nullable PackageEntry readEntry(int field, CodedInputStream in)
            throws IOException, MalformedRecordException {
        return switch (field) {
            case INIT -> init(in.readByteArray());
            case GRANT -> grant(in.readByteArray());
            case REVOKE -> revoke(in.readByteArray());
            case RELEASE -> release(in.readByteArray());
            case YANK -> yank(in.readByteArray());
            default -> null;
        };
    }

    private static PackageEntry init(byte[] bytes) throws MalformedRecordException {
        Once<PublicKey> key = new Once<>("key");
        Once<String> algorithm = new Once<>("hash_algorithm");
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> key.set(RecordWire.key(in.readStringRequireUtf8()));
                case 2 -> algorithm.set(in.readStringRequireUtf8());
                default -> {
                    return false;
                }
            }
            return true;
        });
        RecordWire.requireSha256(algorithm.value());
        return new PackageEntry.Init(key.required());
    }

    private static PackageEntry grant(byte[] bytes) throws MalformedRecordException {
        Once<PublicKey> key = new Once<>("key");
        List<PackagePermission> permissions = new ArrayList<>();
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> key.set(RecordWire.key(in.readStringRequireUtf8()));
                case 2 -> RecordWire.readPermissions(in, PackagePermission.values(), permissions);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new PackageEntry.Grant(key.required(), permissions);
    }

    private static PackageEntry revoke(byte[] bytes) throws MalformedRecordException {
        Once<KeyId> keyId = new Once<>("key_id");
        List<PackagePermission> permissions = new ArrayList<>();
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> keyId.set(RecordWire.keyId(in.readStringRequireUtf8()));
                case 2 -> RecordWire.readPermissions(in, PackagePermission.values(), permissions);
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new PackageEntry.Revoke(keyId.required(), permissions);
    }

    private static PackageEntry release(byte[] bytes) throws MalformedRecordException {
        Once<SemVer> version = new Once<>("version");
        Once<Digest> content = new Once<>("content_hash");
        RecordWire.readMessage(bytes, (field, in) -> {
            switch (field) {
                case 1 -> version.set(RecordWire.version(in.readStringRequireUtf8()));
                case 2 -> content.set(RecordWire.digest(in.readStringRequireUtf8()));
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new PackageEntry.Release(version.required(), content.required());
    }

    private static PackageEntry yank(byte[] bytes) throws MalformedRecordException {
        Once<SemVer> version = new Once<>("version");
        RecordWire.readMessage(bytes, (field, in) -> {
            if (field == 1) {
                version.set(RecordWire.version(in.readStringRequireUtf8()));
            }
            return field == 1;
        });
        return new PackageEntry.Yank(version.required());
    }

    private static byte[] formatEntry(PackageEntry entry) {
        return switch (entry) {
            case PackageEntry.Init init ->
                wrap(INIT, RecordWire.message(out -> {
                    out.writeString(1, init.key().text());
                    out.writeString(2, RecordWire.hashAlgorithm());
                }));
            case PackageEntry.Grant grant ->
                wrap(GRANT, RecordWire.message(out -> {
                    out.writeString(1, grant.key().text());
                    RecordWire.writePermissions(out, 2, grant.permissions());
                }));
            case PackageEntry.Revoke revoke ->
                wrap(REVOKE, RecordWire.message(out -> {
                    out.writeString(1, revoke.keyId().toString());
                    RecordWire.writePermissions(out, 2, revoke.permissions());
                }));
            case PackageEntry.Release release ->
                wrap(RELEASE, RecordWire.message(out -> {
                    out.writeString(1, release.version().toString());
                    out.writeString(2, release.content().toString());
                }));
            case PackageEntry.Yank yank ->
                wrap(
                        YANK,
                        RecordWire.message(
                                out -> out.writeString(1, yank.version().toString())));
        };
    }

    private static byte[] wrap(int field, byte[] message) {
        return RecordWire.message(out -> out.writeByteArray(field, message));
    }
}
