package dev.lair.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The secrets that occurred in a run, and everything that was written in it. Besides the secrets that are known here, what has
 * the form of a token of ours or of a JWT is found too: some never leave the process that has them.
 */
final class SecretHunt {

    private static final Pattern TOKEN = Pattern.compile("lair_[a-z]{2,4}_[0-9A-Za-z]{20,}");
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}");

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final Map<String, String> allowed = new LinkedHashMap<>();
    private final Map<String, List<String>> written = new TreeMap<>();

    /** Remembers a secret under a name that may be shown. */
    String secret(String name, String secret) {
        if (secret.length() < 8) {
            throw new AssertionError(name + " is too short to look for");
        }
        secrets.put(secret, name);
        // As Basic credentials have it; the shift that a user name before it makes is not looked for.
        secrets.put(Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.UTF_8)), name);
        return secret;
    }

    /** A secret that one place has to know as it is. */
    String secretBut(String name, String secret, String place) {
        allowed.put(secret, place);
        return secret(name, secret);
    }

    /** An identity token; its signature alone lets nobody in, and yet nobody needs it in a log. */
    void identityToken(String token) {
        secret("identity token", token);
        secret("signature of an identity token", token.substring(token.lastIndexOf('.') + 1));
    }

    /** Remembers what was written somewhere. */
    void wrote(String where, String text) {
        written.computeIfAbsent(where, key -> new ArrayList<>()).add(text);
    }

    /** Every file of a folder, as bytes, but those of these names: they are meant to hold a secret. */
    void wroteFiles(String where, Path folder, Set<String> meantToHoldSecrets) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!meantToHoldSecrets.contains(String.valueOf(file.getFileName()))) {
                    wrote(where, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    /** Where a text occurs: the control that this looks where something is. */
    Set<String> placesOf(String text) {
        Set<String> places = new java.util.TreeSet<>();
        written.forEach((where, texts) -> {
            if (texts.stream().anyMatch(one -> one.contains(text))) {
                places.add(where);
            }
        });
        return places;
    }

    /** The names of secrets that are known here. */
    Set<String> names() {
        return new java.util.TreeSet<>(secrets.values());
    }

    /** Each secret that stands somewhere, with what is around it. */
    List<String> finds() {
        List<String> finds = new ArrayList<>();
        written.forEach((where, texts) -> {
            for (String text : texts) {
                secrets.forEach((secret, name) -> {
                    int at = text.indexOf(secret);
                    if (at >= 0 && !where.equals(allowed.get(secret))) {
                        finds.add(name + " in " + where + ": " + around(text, at));
                    }
                });
                for (Pattern form : List.of(TOKEN, JWT)) {
                    Matcher match = form.matcher(text);
                    if (match.find()) {
                        finds.add("what looks like a token in " + where + ": " + around(text, match.start()));
                    }
                }
            }
        });
        return finds;
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 120), Math.min(text.length(), at + 60))
                .replaceAll("\\p{Cntrl}", " ");
    }
}
