package dev.lair.registry.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.lair.registry.MalformedVersionException;
import dev.lair.registry.SemVer;
import dev.lair.signing.KeyId;
import dev.lair.signing.MalformedKeyException;
import dev.lair.signing.PublicKey;
import dev.lair.transparency.Digest;
import dev.lair.transparency.MalformedDigestException;
import dev.lair.transparency.RecordId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape that package and operator records share on the wire (warg protocol, section 1):
 *
 * <pre>
 * message Record {
 *   optional string prev = 1;
 *   uint32 version = 2;
 *   google.protobuf.Timestamp time = 3;   // int64 seconds = 1, int32 nanos = 2
 *   repeated Entry entries = 4;           // a oneof; its fields differ by kind of log
 * }
 * </pre>
 *
 * Written canonically: fields in order, defaults left out, enums packed. Read as proto3 says, as the reference does:
 * any field order, unknown fields skipped, enums packed or not. A singular field that occurs twice is refused, where
 * proto3 would let the last one win: no encoder writes that, and two readers could disagree about it.
 */
final class RecordWire {

    static final int PREV = 1;
    static final int VERSION = 2;
    static final int TIME = 3;
    static final int ENTRIES = 4;

    private static final String HASH_ALGORITHM = "sha256";

    /** Most records fit; the library's own 4 KiB for each message inside a record is more than all of it. */
    private static final int BUFFER_BYTES = 512;

    private RecordWire() {}

    /** The common fields, entries still encoded. */
    record Parts(@Nullable RecordId prev, long version, Instant time, List<byte[]> entries) {}

    /** Fields of one message: what to do with each, called once a field. */
    interface FieldReader {
        /** Reads the field and answers true, or answers false to have it skipped as unknown. */
        boolean read(int field, CodedInputStream in) throws IOException, MalformedRecordException;
    }

    static Parts parse(byte[] content) throws MalformedRecordException {
        Once<RecordId> prev = new Once<>("prev");
        Once<Long> version = new Once<>("version");
        Once<Instant> time = new Once<>("time");
        List<byte[]> entries = new ArrayList<>();
        readMessage(content, (field, in) -> {
            switch (field) {
                case PREV -> prev.set(recordId(in.readStringRequireUtf8()));
                case VERSION -> version.set(Integer.toUnsignedLong(in.readUInt32()));
                case TIME -> time.set(timestamp(in.readByteArray()));
                case ENTRIES -> entries.add(in.readByteArray());
                default -> {
                    return false;
                }
            }
            return true;
        });
        Instant when = time.value();
        if (when == null) {
            throw new MalformedRecordException("it has no time");
        }
        Long spoken = version.value();
        return new Parts(prev.value(), spoken == null ? 0 : spoken, when, entries);
    }

    static byte[] format(@Nullable RecordId prev, long version, Instant time, List<byte[]> entries) {
        return message(out -> {
            if (prev != null) {
                out.writeString(PREV, prev.toString());
            }
            if (version != 0) {
                out.writeUInt32(VERSION, (int) version);
            }
            out.writeByteArray(TIME, formatTimestamp(time));
            for (byte[] entry : entries) {
                out.writeByteArray(ENTRIES, entry);
            }
        });
    }

    /** The one entry that the oneof holds. */
    static <E> E requireEntry(@Nullable E entry) throws MalformedRecordException {
        if (entry == null) {
            throw new MalformedRecordException("an entry says nothing that this protocol version knows");
        }
        return entry;
    }

    static void readMessage(byte[] bytes, FieldReader reader) throws MalformedRecordException {
        try {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            while (true) {
                int tag = in.readTag();
                if (tag == 0) {
                    return;
                }
                int type = WireFormat.getTagWireType(tag);
                if (type == WireFormat.WIRETYPE_START_GROUP || type == WireFormat.WIRETYPE_END_GROUP) {
                    throw new MalformedRecordException("it uses protobuf groups");
                }
                if (!reader.read(WireFormat.getTagFieldNumber(tag), in)) {
                    in.skipField(tag);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException("the protobuf encoding is broken", e);
        } catch (CharacterCodingException e) {
            throw new MalformedRecordException("a text is not UTF-8", e);
        } catch (IOException e) {
            throw new MalformedRecordException("the protobuf encoding is broken", e);
        }
    }

    private static Instant timestamp(byte[] message) throws MalformedRecordException {
        Once<Long> seconds = new Once<>("seconds");
        Once<Integer> nanos = new Once<>("nanos");
        readMessage(message, (field, in) -> {
            switch (field) {
                case 1 -> seconds.set(in.readInt64());
                case 2 -> nanos.set(in.readInt32());
                default -> {
                    return false;
                }
            }
            return true;
        });
        Long wholeSeconds = seconds.value();
        Integer fraction = nanos.value();
        try {
            return Instant.ofEpochSecond(wholeSeconds == null ? 0 : wholeSeconds, fraction == null ? 0 : fraction);
        } catch (DateTimeException | ArithmeticException e) {
            throw new MalformedRecordException("its time is out of range", e);
        }
    }

    private static byte[] formatTimestamp(Instant time) {
        return message(out -> {
            if (time.getEpochSecond() != 0) {
                out.writeInt64(1, time.getEpochSecond());
            }
            if (time.getNano() != 0) {
                out.writeInt32(2, time.getNano());
            }
        });
    }

    static RecordId recordId(String text) throws MalformedRecordException {
        try {
            return RecordId.parse(text);
        } catch (MalformedDigestException e) {
            throw new MalformedRecordException(messageOf(e), e);
        }
    }

    static Digest digest(String text) throws MalformedRecordException {
        try {
            return Digest.parse(text);
        } catch (MalformedDigestException e) {
            throw new MalformedRecordException(messageOf(e), e);
        }
    }

    static SemVer version(String text) throws MalformedRecordException {
        try {
            return SemVer.parse(text);
        } catch (MalformedVersionException e) {
            throw new MalformedRecordException(messageOf(e), e);
        }
    }

    static PublicKey key(String text) throws MalformedRecordException {
        try {
            return PublicKey.parse(text);
        } catch (MalformedKeyException e) {
            throw new MalformedRecordException(messageOf(e), e);
        }
    }

    static KeyId keyId(String text) throws MalformedRecordException {
        try {
            return KeyId.parse(text);
        } catch (MalformedKeyException | MalformedDigestException e) {
            throw new MalformedRecordException(messageOf(e), e);
        }
    }

    static void requireSha256(@Nullable String algorithm) throws MalformedRecordException {
        if (!HASH_ALGORITHM.equals(algorithm)) {
            throw new MalformedRecordException("hash algorithm `" + algorithm + "` does not exist; it is `sha256`");
        }
    }

    static String hashAlgorithm() {
        return HASH_ALGORITHM;
    }

    private static String messageOf(Exception e) {
        return String.valueOf(e.getMessage());
    }

    /** Reads a repeated enum, packed or not, into {@code into}. */
    static <P extends Permission> void readPermissions(CodedInputStream in, P[] all, List<P> into)
            throws IOException, MalformedRecordException {
        if (WireFormat.getTagWireType(in.getLastTag()) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            CodedInputStream packed = in.readBytes().newCodedInput();
            while (!packed.isAtEnd()) {
                into.add(permission(packed.readEnum(), all));
            }
        } else {
            into.add(permission(in.readEnum(), all));
        }
    }

    private static <P extends Permission> P permission(int number, P[] all) throws MalformedRecordException {
        for (P permission : all) {
            if (permission.wireNumber() == number) {
                return permission;
            }
        }
        throw new MalformedRecordException("permission number " + number + " does not exist");
    }

    static void writePermissions(CodedOutputStream out, int field, List<? extends Permission> permissions)
            throws IOException {
        if (!permissions.isEmpty()) {
            byte[] packed = message(inner -> {
                for (Permission permission : permissions) {
                    inner.writeEnumNoTag(permission.wireNumber());
                }
            });
            out.writeBytes(field, ByteString.copyFrom(packed));
        }
    }

    interface MessageWriter {
        void write(CodedOutputStream out) throws IOException;
    }

    static byte[] message(MessageWriter writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes, BUFFER_BYTES);
            writer.write(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory failed", impossible);
        }
        return bytes.toByteArray();
    }

    /** A singular field that may be given once. */
    static final class Once<T> {
        private final String field;
        private @Nullable T value;

        Once(String field) {
            this.field = field;
        }

        void set(T given) throws MalformedRecordException {
            if (value != null) {
                throw new MalformedRecordException("field `" + field + "` occurs twice");
            }
            value = given;
        }

        @Nullable
        T value() {
            return value;
        }

        T required() throws MalformedRecordException {
            T given = value;
            if (given == null) {
                throw new MalformedRecordException("field `" + field + "` is missing");
            }
            return given;
        }
    }
}
