package dev.lair.server.publish;

import dev.lair.registry.Namespace;
import dev.lair.registry.PackageName;
import dev.lair.server.publish.PublishRefused.Unauthorized;
import dev.lair.server.settings.LairSettings;
import dev.lair.signing.KeyId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which keys may publish what, when the operator says so in a file: a line each, {@code NAMESPACE KEY-ID} for all of a
 * namespace or {@code NAMESPACE:NAME KEY-ID} for one package; blank lines and lines that start with {@code #} are
 * skipped. Without a file, whoever begins a package in a defined namespace owns it, as with the reference.
 */
@Component
final class AuthorizedKeys {

    private final @Nullable Map<String, Set<KeyId>> allowed;

    AuthorizedKeys(LairSettings settings) throws IOException {
        Path file = settings.authorizedKeysFile();
        this.allowed = file == null ? null : parse(file, Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    void check(PackageName name, KeyId key) throws Unauthorized {
        if (allowed == null) {
            return;
        }
        if (!isNamed(name, key)) {
            throw new Unauthorized("key id `" + key + "` is not authorized to publish to package `" + name + "`");
        }
    }

    /** Whether the operator's file names this key for this package. */
    boolean isNamed(PackageName name, KeyId key) {
        return allowed != null
                && (allowed.getOrDefault(name.namespace().value(), Set.of()).contains(key)
                        || allowed.getOrDefault(name.toString(), Set.of()).contains(key));
    }

    private static Map<String, Set<KeyId>> parse(Path file, List<String> lines) {
        Map<String, Set<KeyId>> parsed = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+");
            try {
                if (words.length != 2) {
                    throw new IllegalArgumentException("a line has a namespace or package name, and a key id");
                }
                String subject = words[0].contains(":")
                        ? PackageName.parse(words[0]).toString()
                        : new Namespace(words[0]).value();
                parsed.computeIfAbsent(subject, none -> new HashSet<>()).add(KeyId.parse(words[1]));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return parsed;
    }
}
