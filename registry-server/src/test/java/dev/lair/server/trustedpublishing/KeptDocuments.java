package dev.lair.server.trustedpublishing;

import com.nimbusds.jose.jwk.JWK;
import dev.lair.server.issuer.Issuer;
import dev.lair.server.issuer.IssuerDocuments;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An issuer's documents in memory; it counts who asks for keys, and fails or waits when a test says so. */
final class KeptDocuments implements IssuerDocuments {

    static final String KEYS_URL = ForgedIssuer.URL + "/.well-known/jwks";

    final AtomicInteger keysAsked = new AtomicInteger();
    volatile byte[] discovery = ForgedIssuer.discovery(ForgedIssuer.URL, KEYS_URL);
    volatile byte[] keys;
    volatile @Nullable String failure;
    volatile @Nullable CountDownLatch gate;
    final CountDownLatch reached = new CountDownLatch(1);

    KeptDocuments(JWK... keys) {
        this.keys = ForgedIssuer.keySet(keys);
    }

    @Override
    public byte[] get(Issuer issuer, URI url) throws IOException {
        if (url.equals(issuer.discovery())) {
            keysAsked.incrementAndGet();
            reached.countDown();
            CountDownLatch wait = gate;
            if (wait != null) {
                awaited(wait);
            }
        }
        String reason = failure;
        if (reason != null) {
            throw new IOException(reason);
        }
        return url.equals(issuer.discovery()) ? discovery : keys;
    }

    private static void awaited(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never opened the gate");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
