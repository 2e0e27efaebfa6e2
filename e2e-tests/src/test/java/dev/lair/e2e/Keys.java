package dev.lair.e2e;

import dev.lair.signing.PrivateKey;
import java.security.SecureRandom;

/** The keys of the reference's tests (warg-vectors.json, {@code keys}); they protect nothing. */
final class Keys {

    static final PrivateKey ALICE = PrivateKey.parse("ecdsa-p256:I+UlDo0HxyBBFeelhPPWmD+LnklOpqZDkrFP5VduASk=");
    static final PrivateKey BOB = PrivateKey.parse("ecdsa-p256:2CV1EpLaSYEn4In4OAEDAj5O4Hzu8AFAxgHXuG310Ew=");

    private Keys() {}

    static PrivateKey fresh() {
        return PrivateKey.generate(new SecureRandom());
    }
}
