package dev.lair.server.provenance;

import dev.lair.signing.KeyLabel;
import dev.lair.signing.KeyStore;
import dev.lair.signing.PrivateKey;
import dev.lair.signing.Signer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.security.SecureRandom;
import org.springframework.stereotype.Component;

/**
 * The key that signs attestations: neither the operator's nor that of any log, so that what it can forge is a statement about
 * who published, and no record and no checkpoint. Made at the first start; of two nodes that make it one does.
 */
@Component
final class AttestationKey {

    private static final KeyLabel LABEL = new KeyLabel("attestation-1");

    private final PrivateKey key;

    AttestationKey(KeyStore store, SecureRandom random) throws IOException {
        if (store.get(LABEL).isEmpty()) {
            try {
                store.add(LABEL, PrivateKey.generate(random));
            } catch (FileAlreadyExistsException madeMeanwhile) {
                // By another node: both open the same.
            }
        }
        this.key = store.get(LABEL).orElseThrow();
    }

    Signer signer() {
        return key;
    }
}
