package dev.lair.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EnvelopeCodecTest {

    private static final byte[] CONTENT = {10, 20, 30};
    private static final SignedRecord RECORD = SignedRecord.sign(RecordDomain.PACKAGE, CONTENT, WargVectors.ALICE);
    private static final String KEY_ID = RECORD.keyId().toString();
    private static final String SIGNATURE = RECORD.signature().text();

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        writing.to(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static void refused(byte[] bytes) {
        assertThatThrownBy(() -> EnvelopeCodec.parse(bytes)).isInstanceOf(MalformedEnvelopeException.class);
    }

    @Test
    void parseIsTheInverseOfFormat() throws IOException {
        byte[] bytes = message(out -> {
            out.writeByteArray(1, CONTENT);
            out.writeString(2, KEY_ID);
            out.writeString(3, SIGNATURE);
        });
        assertThat(EnvelopeCodec.format(RECORD)).isEqualTo(bytes);
        assertThat(EnvelopeCodec.parse(bytes)).isEqualTo(RECORD);
    }

    @Test
    void emptyContentIsLeftOut() throws IOException {
        SignedRecord empty = SignedRecord.sign(RecordDomain.OPERATOR, new byte[0], WargVectors.BOB);
        byte[] bytes = EnvelopeCodec.format(empty);
        assertThat(bytes[0]).isEqualTo((byte) 0x12);
        assertThat(EnvelopeCodec.parse(bytes)).isEqualTo(empty);
        refused(message(out -> {
            out.writeByteArray(1, new byte[0]);
            out.writeString(2, KEY_ID);
            out.writeString(3, SIGNATURE);
        }));
    }

    @Test
    void unknownFieldIsRefused() throws IOException {
        refused(message(out -> {
            out.writeByteArray(1, CONTENT);
            out.writeString(2, KEY_ID);
            out.writeString(3, SIGNATURE);
            out.writeUInt32(4, 1);
        }));
    }

    @Test
    void fieldOfAnotherWireTypeIsRefused() throws IOException {
        refused(message(out -> {
            out.writeUInt32(1, 7);
            out.writeString(2, KEY_ID);
            out.writeString(3, SIGNATURE);
        }));
    }

    @Test
    void repeatedFieldIsRefused() throws IOException {
        refused(message(out -> {
            out.writeByteArray(1, new byte[] {9});
            out.writeByteArray(1, CONTENT);
            out.writeString(2, KEY_ID);
            out.writeString(3, SIGNATURE);
        }));
    }

    @Test
    void reorderedFieldsAreRefused() throws IOException {
        refused(message(out -> {
            out.writeString(2, KEY_ID);
            out.writeByteArray(1, CONTENT);
            out.writeString(3, SIGNATURE);
        }));
    }

    @Test
    void paddedLengthIsRefused() {
        byte[] bytes = EnvelopeCodec.format(RECORD);
        byte[] padded = new byte[bytes.length + 1];
        padded[0] = bytes[0];
        padded[1] = (byte) (bytes[1] | 0x80);
        System.arraycopy(bytes, 2, padded, 3, bytes.length - 2);
        refused(padded);
    }

    @Test
    void missingKeyIdOrSignatureIsRefused() throws IOException {
        refused(new byte[0]);
        refused(message(out -> {
            out.writeByteArray(1, CONTENT);
            out.writeString(3, SIGNATURE);
        }));
        refused(message(out -> {
            out.writeByteArray(1, CONTENT);
            out.writeString(2, KEY_ID);
        }));
    }

    @Test
    void anyAlterationIsRefusedOrAnotherRecord() {
        for (byte[] altered : Alterations.of(EnvelopeCodec.format(RECORD))) {
            try {
                assertThat(EnvelopeCodec.parse(altered)).isNotEqualTo(RECORD);
            } catch (MalformedEnvelopeException refused) {
                assertThat(refused).hasMessageContaining("not a record envelope");
            }
        }
    }

    @Test
    void largestContentRoundTripsAndALargerOneIsRefusedBothWays() throws IOException {
        byte[] largest = new byte[Limits.RECORD_CONTENT_BYTES];
        SignedRecord record = new SignedRecord(largest, RECORD.keyId(), RECORD.signature());
        assertThat(EnvelopeCodec.parse(EnvelopeCodec.format(record))).isEqualTo(record);
        byte[] larger = new byte[Limits.RECORD_CONTENT_BYTES + 1];
        assertThatThrownBy(() -> EnvelopeCodec.format(new SignedRecord(larger, RECORD.keyId(), RECORD.signature())))
                .isInstanceOf(MalformedEnvelopeException.class);
        refused(message(out -> {
            out.writeByteArray(1, larger);
            out.writeString(2, KEY_ID);
            out.writeString(3, SIGNATURE);
        }));
        refused(new byte[Limits.ENVELOPE_BYTES + 1]);
    }

    /** The documented .proto, read here, and protobuf's own encoder give the same bytes. */
    @Test
    void theProtoTextDescribesTheseBytes() throws IOException, DescriptorValidationException {
        Descriptor envelope = descriptor(resource("envelope.proto"));
        DynamicMessage message = DynamicMessage.newBuilder(envelope)
                .setField(envelope.findFieldByName("contents"), ByteString.copyFrom(CONTENT))
                .setField(envelope.findFieldByName("key_id"), KEY_ID)
                .setField(envelope.findFieldByName("signature"), SIGNATURE)
                .build();
        assertThat(message.toByteArray()).isEqualTo(EnvelopeCodec.format(RECORD));
    }

    private static Descriptor descriptor(String proto) throws DescriptorValidationException {
        DescriptorProto.Builder message = DescriptorProto.newBuilder().setName("Envelope");
        Matcher field =
                Pattern.compile("(?m)^  (bytes|string) (\\w+) = (\\d+);$").matcher(proto);
        while (field.find()) {
            message.addField(FieldDescriptorProto.newBuilder()
                    .setType(FieldDescriptorProto.Type.valueOf(
                            "TYPE_" + field.group(1).toUpperCase(Locale.ROOT)))
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                    .setName(field.group(2))
                    .setNumber(Integer.parseInt(field.group(3))));
        }
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setSyntax("proto3")
                .addMessageType(message)
                .build();
        return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Envelope");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = EnvelopeCodec.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
