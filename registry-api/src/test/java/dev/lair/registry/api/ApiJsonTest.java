package dev.lair.registry.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The JSON of the Lair API, and the form in which its documents are kept. */
class ApiJsonTest {

    private static ReleaseVerdict verdict(String warning) {
        return new ReleaseVerdict("1", ReleaseVerdict.FIRST, List.of(), List.of(warning));
    }

    @Test
    void membersWithoutValueAreLeftOutAndListsStay() {
        assertThat(new String(
                        ApiJson.write(new ReleaseVerdict.Neighbour("1.0.0", "below", "unchanged", null, List.of())),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"version\":\"1.0.0\",\"side\":\"below\",\"verdict\":\"unchanged\",\"differences\":[]}");
    }

    @Test
    void keptDocumentIsReadBackShortOrLong() throws Exception {
        for (String warning : List.of("short", "long ".repeat(10_000))) {
            byte[] kept = ApiJson.writeCompressed(verdict(warning));
            assertThat(kept.length).isLessThan(1_000);
            assertThat(ApiJson.readCompressed(kept, ReleaseVerdict.class)).isEqualTo(verdict(warning));
        }
    }

    @Test
    void typesAsDeepAsTheyMayBeAreReadBack() throws Exception {
        WitModel.Type type = WitModel.Type.word("u8");
        for (int i = 0; i < 100; i++) {
            // The deepest form: an object and a list for each.
            type = WitModel.Type.tuple(List.of(type));
        }
        WitModel.TypeDef alias =
                new WitModel.TypeDef("t", null, null, null, null, null, "alias", type, null, null, null);
        WitModel.Item item = new WitModel.Item("type", "t", null, null, null, null, null, null, null, null, alias);
        WitModel.World world = new WitModel.World("w", null, null, null, null, null, List.of(item), List.of());
        ContentFacts.Wit deep = new ContentFacts.Wit(
                "", new WitModel("a:b", List.of(new WitModel.Package("a:b", null, List.of(), List.of(world)))));
        assertThat(ApiJson.readCompressed(ApiJson.writeCompressed(deep), ContentFacts.Wit.class))
                .isEqualTo(deep);
    }

    @Test
    void memberThatIsNotKnownIsPassedOver() throws Exception {
        byte[] later = "{\"validator\":\"9\",\"compatibility\":\"first\",\"neighbours\":[],\"warnings\":[],\"more\":{}}"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(ApiJson.readCompressed(later, ReleaseVerdict.class).validator())
                .isEqualTo("9");
    }

    @Test
    void damagedDocumentIsRefused() {
        byte[] kept = ApiJson.writeCompressed(verdict("long ".repeat(10_000)));
        for (byte[] damaged : List.of(
                new byte[0],
                new byte[] {1, 2, 3},
                "{".getBytes(StandardCharsets.UTF_8),
                "{\"validator\":[]}".getBytes(StandardCharsets.UTF_8),
                "{}".getBytes(StandardCharsets.UTF_8),
                Arrays.copyOf(kept, kept.length / 2))) {
            assertThatThrownBy(() -> ApiJson.readCompressed(damaged, ReleaseVerdict.class))
                    .isInstanceOf(IOException.class);
        }
    }
}
