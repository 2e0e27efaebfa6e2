package dev.lair.server.ledger;

import dev.lair.server.settings.DataFolder;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.settings.LairSettings.StorageKind;
import dev.lair.server.settings.LairSettings.WitnessSettings;
import dev.lair.signing.KeyStore;
import dev.lair.signing.note.WitnessPolicy;
import dev.lair.storage.Storage;
import dev.lair.storage.embedded.HighWaterFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Turns settings into what the ledger is handed besides storage: its names and keys, its copies, its witnesses. */
@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    LogIdentity logIdentity(LairSettings settings, KeyStore keys, SecureRandom random) throws IOException {
        return LogIdentity.openOrCreate(keys, () -> origin(settings, random), random);
    }

    /** The public URL without its scheme; a registry that has none yet gets a name that nobody else has. */
    private static String origin(LairSettings settings, SecureRandom random) {
        String configured = settings.ledger().origin();
        if (configured != null) {
            return configured;
        }
        URI url = settings.publicUrl();
        if (url != null) {
            String path = url.getRawPath() == null ? "" : url.getRawPath();
            String base = url.getRawAuthority() + path;
            return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        }
        byte[] name = new byte[8];
        random.nextBytes(name);
        return "localhost/" + HexFormat.of().formatHex(name);
    }

    @Bean
    HighWater highWater(LairSettings settings, Storage storage, LogIdentity identity) {
        return new HighWater(mark(settings), storage.archive(), identity.generation());
    }

    private static Optional<HighWater.Mark> mark(LairSettings settings) {
        Path configured = settings.ledger().highWaterFile();
        if (configured == null && settings.storage() != StorageKind.EMBEDDED) {
            return Optional.empty();
        }
        HighWaterFile file =
                HighWaterFile.at(configured == null ? settings.data().resolve(DataFolder.HIGH_WATER) : configured);
        return Optional.of(new HighWater.Mark() {
            @Override
            public Optional<String> read() {
                return file.read();
            }

            @Override
            public void replace(String note) {
                file.replace(note);
            }
        });
    }

    @Bean
    Witnesses witnesses(LairSettings settings, LogIdentity identity, LedgerMeters meters) throws IOException {
        WitnessSettings witness = settings.witness();
        Path file = witness.policyFile();
        if (file == null) {
            return Witnesses.NONE;
        }
        WitnessPolicy policy = WitnessPolicy.parse(Files.readString(file, StandardCharsets.UTF_8));
        return new WitnessCircle(policy, identity, witness.mode(), witness.timeout(), meters);
    }
}
