package dev.lair.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lair.transparency.Digest;
import dev.lair.transparency.RecordId;
import org.junit.jupiter.api.Test;

/** What {@link FactStore} promises. */
public abstract class FactStoreContract extends StorageContract {

    private static final Digest CONTENT = Digest.of("content".getBytes(UTF_8));
    private static final Digest OTHER = Digest.of("other".getBytes(UTF_8));
    private static final RecordId RECORD =
            RecordId.ofBytes(Digest.of("record".getBytes(UTF_8)).bytes());
    private static final byte[] FIRST = {1, 2, 3};
    private static final byte[] SECOND = {4};

    private FactStore facts() {
        return storage.facts();
    }

    @Test
    void nothingIsKnownAtFirst() {
        assertThat(facts().ofContent(CONTENT)).isEmpty();
        assertThat(facts().ofRelease(RECORD, "1.0.0")).isEmpty();
        facts().forgetContent(CONTENT);
        assertThat(facts().clear()).isZero();
    }

    @Test
    void whatWasSavedFirstIsKept() {
        facts().saveContent(CONTENT, FIRST);
        facts().saveContent(CONTENT, SECOND);
        facts().saveRelease(RECORD, "1.0.0", FIRST);
        facts().saveRelease(RECORD, "1.0.0", SECOND);

        assertThat(facts().ofContent(CONTENT).orElseThrow()).isEqualTo(FIRST);
        assertThat(facts().ofRelease(RECORD, "1.0.0").orElseThrow()).isEqualTo(FIRST);
    }

    @Test
    void versionsOfOneRecordAreApartAndKeepTheirCase() {
        facts().saveRelease(RECORD, "1.0.0-rc", FIRST);
        facts().saveRelease(RECORD, "1.0.0-RC", SECOND);

        assertThat(facts().ofRelease(RECORD, "1.0.0-rc").orElseThrow()).isEqualTo(FIRST);
        assertThat(facts().ofRelease(RECORD, "1.0.0-RC").orElseThrow()).isEqualTo(SECOND);
        assertThat(facts().ofRelease(RECORD, "1.0.0")).isEmpty();
    }

    @Test
    void forgottenContentIsUnknownAndOthersStay() {
        facts().saveContent(CONTENT, FIRST);
        facts().saveContent(OTHER, SECOND);
        facts().forgetContent(CONTENT);

        assertThat(facts().ofContent(CONTENT)).isEmpty();
        assertThat(facts().ofContent(OTHER)).isPresent();
        facts().saveContent(CONTENT, SECOND);
        assertThat(facts().ofContent(CONTENT).orElseThrow()).isEqualTo(SECOND);
    }

    @Test
    void clearedStoreKnowsNothingAndSaysHowMuchItDropped() {
        facts().saveContent(CONTENT, FIRST);
        facts().saveContent(OTHER, FIRST);
        facts().saveRelease(RECORD, "1.0.0", FIRST);

        assertThat(facts().clear()).isEqualTo(3);
        assertThat(facts().ofContent(CONTENT)).isEmpty();
        assertThat(facts().ofRelease(RECORD, "1.0.0")).isEmpty();
    }

    @Test
    void bodyIsLimited() {
        byte[] longest = new byte[FactStore.MAX_BODY_BYTES];
        facts().saveContent(CONTENT, longest);
        assertThat(facts().ofContent(CONTENT).orElseThrow()).hasSize(longest.length);
        byte[] longer = new byte[FactStore.MAX_BODY_BYTES + 1];
        assertThatThrownBy(() -> facts().saveContent(OTHER, longer)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> facts().saveRelease(RECORD, "1.0.0", longer))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void arraysBelongToTheCaller() {
        byte[] mine = FIRST.clone();
        facts().saveContent(CONTENT, mine);
        mine[0] = 9;
        byte[] read = facts().ofContent(CONTENT).orElseThrow();
        assertThat(read).isEqualTo(FIRST);
        read[0] = 9;
        assertThat(facts().ofContent(CONTENT).orElseThrow()).isEqualTo(FIRST);
    }
}
