package dev.lair.server.trustedpublishing;

import dev.lair.server.TestClock;
import dev.lair.server.issuer.HttpAnswer;
import dev.lair.server.issuer.Issuer;
import dev.lair.server.issuer.IssuerKeySet;
import dev.lair.server.issuer.StrictJson;
import dev.lair.server.settings.LairSettings.IssuerKind;
import dev.lair.server.settings.LairSettings.TrustedPublishingSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What of trusted publishing is fuzzed. A target throws only when its claim is wrong for this input. */
enum TokenFuzzTarget {
    /** What is handed in as a token is refused in the typed way, or is one that the issuer signed. */
    IDENTITY_TOKEN,
    /** What stands behind a good signature is refused in the typed way, or matched against publishers. */
    IDENTITY_CLAIMS,
    /** What an issuer answers is an error of its own, or a set of keys. */
    ISSUER_ANSWER;

    private static final TestClock CLOCK = new TestClock();
    private static final KeptDocuments DOCUMENTS = new KeptDocuments(ForgedIssuer.RSA, ForgedIssuer.EC);
    private static final IdentityTokenVerifier VERIFIER = verifier();
    private static final List<String> SIGNED = List.of(
            ForgedIssuer.rs256(ForgedIssuer.githubClaims()),
            ForgedIssuer.signed(
                    ForgedIssuer.EC,
                    "ES256",
                    Map.of("alg", "ES256", "kid", ForgedIssuer.EC.getKeyID()),
                    Map.of("iss", ForgedIssuer.URL, "sub", "a")));

    /** What structured inputs put into claims. */
    private static final List<Object> ODD = List.of(
            "",
            "a",
            "65",
            "refs/tags/v1",
            "octo-org/widgets/.github/workflows/release.yml@refs/heads/main",
            "x//y@z",
            "a/b",
            "schedule",
            "self-hosted",
            0,
            -1,
            1.5e300,
            Long.MAX_VALUE,
            true,
            List.of(),
            Map.of(),
            "\ud800",
            "\u0000");

    static TokenFuzzTarget labelled(String label) {
        return Arrays.stream(values())
                .filter(target -> target.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fuzz target `" + label + "`; there are "
                        + Arrays.stream(values()).map(TokenFuzzTarget::label).toList()));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void run(byte[] input) {
        switch (this) {
            case IDENTITY_TOKEN -> token(new String(input, StandardCharsets.UTF_8));
            case IDENTITY_CLAIMS -> claims(input);
            case ISSUER_ANSWER -> answer(input);
        }
    }

    private static IdentityTokenVerifier verifier() {
        TrustedPublishingSettings settings = new TrustedPublishingSettings(
                true, List.of(ForgedIssuer.github().settings()));
        return new IdentityTokenVerifier(
                TrustedIssuers.of(settings), new IssuerKeys(DOCUMENTS, CLOCK), () -> ForgedIssuer.AUDIENCE, CLOCK);
    }

    private static void token(String text) {
        try {
            VERIFIER.verify(text);
            require(text.equals(SIGNED.getFirst()), "a token that nobody signed was let through");
        } catch (ExchangeRefused e) {
            told(e);
        }
    }

    private static void claims(byte[] input) {
        List<IssuerKind> kinds = List.of(IssuerKind.values());
        IssuerKind kind = kinds.get(input.length == 0 ? 0 : (input[0] & 0xff) % kinds.size());
        boolean structured = input.length > 1 && (input[1] & 1) == 0;
        byte[] rest = input.length < 2 ? new byte[0] : Arrays.copyOfRange(input, 2, input.length);
        Optional<ObjectNode> payload =
                structured ? StrictJson.object(ForgedIssuer.json(edited(kind, rest))) : StrictJson.object(rest);
        if (payload.isEmpty()) {
            return;
        }
        TrustedIssuer issuer = ForgedIssuer.issuer(ForgedIssuer.URL, kind);
        try {
            VerifiedToken token = VERIFIER.accepted(issuer, payload.get());
            require(token.rememberUntil().isAfter(CLOCK.instant()), "a good token would be forgotten");
            require(token.claims().kind() == kind, "claims of another kind");
            for (TrustedPublisher publisher : publishers()) {
                PublisherMatch.mismatch(issuer, token.claims(), publisher)
                        .ifPresent(mismatch -> told(mismatch.refused()));
            }
            if (PublisherMatch.find(issuer, token.claims(), publishers()) instanceof PublisherMatch.Matched matched) {
                require(matched.publisher().kind() == kind, "a publisher of another kind");
                require(
                        PublisherMatch.mismatch(
                                        issuer,
                                        token.claims(),
                                        matched.publisher().pinnedTo(token.claims()))
                                .isEmpty(),
                        "the publisher that was pinned to a job is not that job");
            }
        } catch (ExchangeRefused e) {
            told(e);
        }
    }

    /** Good claims, of which each pair of bytes changes one. */
    private static Map<String, @Nullable Object> edited(IssuerKind kind, byte[] edits) {
        Map<String, @Nullable Object> claims = new LinkedHashMap<>(
                kind == IssuerKind.GITLAB ? ForgedIssuer.gitlabClaims() : ForgedIssuer.githubClaims());
        List<String> names = new ArrayList<>(claims.keySet());
        for (int at = 0; at + 1 < Math.min(edits.length, 12); at += 2) {
            String name = names.get((edits[at] & 0xff) % names.size());
            int value = (edits[at + 1] & 0xff) % (ODD.size() + 2);
            if (value < ODD.size()) {
                claims.put(name, ODD.get(value));
            } else if (value == ODD.size()) {
                claims.remove(name);
            } else {
                int length = Math.max(0, edits.length - 12);
                claims.put(name, new String(edits, edits.length - length, length, StandardCharsets.ISO_8859_1));
            }
        }
        return claims;
    }

    private static List<TrustedPublisher> publishers() {
        PublisherOf bound = PublisherOf.github();
        bound.environment = "release";
        bound.refPattern = "protected refs/tags/v*";
        bound.reusableWorkflow = "octo-org/widgets/.github/workflows/release.yml@refs/tags/v1.2.0";
        PublisherOf unpinned = PublisherOf.github();
        unpinned.ownerId = null;
        unpinned.repositoryId = null;
        return List.of(
                bound.make(),
                unpinned.make(),
                PublisherOf.gitlab().make(),
                PublisherOf.generic(Map.of("sub", "a")).make(),
                PublisherOf.generic(Map.of("email", "a")).make());
    }

    private static void answer(byte[] input) {
        Issuer issuer = ForgedIssuer.github().issuer();
        byte[] body = input;
        try {
            body = HttpAnswer.body(new ByteArrayInputStream(input));
        } catch (IOException e) {
            require(e.getMessage() != null, "an error without words");
        }
        try {
            require(issuer.mayName(IssuerKeySet.keysUrl(issuer, body)), "keys would be fetched from somewhere else");
        } catch (IOException e) {
            require(e.getMessage() != null, "an error without words");
        }
        try {
            require(!IssuerKeySet.parse(body, CLOCK.instant()).byId().isEmpty(), "a key set without keys");
        } catch (IOException e) {
            require(e.getMessage() != null, "an error without words");
        }
    }

    /** Every refusal has words that can be shown on one line. */
    private static void told(ExchangeRefused refused) {
        require(!refused.getMessage().isEmpty(), "a refusal without words");
        require(
                refused.getMessage().chars().noneMatch(Character::isISOControl),
                "a refusal with control characters: " + refused.getMessage());
    }

    private static void require(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError(claim);
        }
    }

    /** Inputs that a campaign starts from. */
    List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        switch (this) {
            case IDENTITY_TOKEN -> {
                SIGNED.forEach(token -> seeds.add(token.getBytes(StandardCharsets.UTF_8)));
                for (String text : List.of(
                        "",
                        "..",
                        "e30.e30.AA",
                        ForgedIssuer.base64("{\"alg\":\"ES256\",\"kid\":\"ec-1\"}") + "."
                                + ForgedIssuer.base64("{\"iss\":\"" + ForgedIssuer.URL + "\"}") + ".AA",
                        ForgedIssuer.base64("{\"alg\":\"none\"}") + ".e30.")) {
                    seeds.add(text.getBytes(StandardCharsets.UTF_8));
                }
            }
            case IDENTITY_CLAIMS -> {
                for (byte kind = 0; kind < IssuerKind.values().length; kind++) {
                    seeds.add(joined(new byte[] {kind, 1}, ForgedIssuer.json(ForgedIssuer.githubClaims())));
                    seeds.add(joined(new byte[] {kind, 1}, ForgedIssuer.json(ForgedIssuer.gitlabClaims())));
                    seeds.add(new byte[] {kind, 0});
                    seeds.add(new byte[] {kind, 0, 7, 19, 12, 3, 1, 1, 1, 1, 1, 1, 1, 1, 'a', '/', 'b'});
                }
            }
            case ISSUER_ANSWER -> {
                byte[] keys = ForgedIssuer.keySet(ForgedIssuer.EC);
                seeds.add(keys);
                seeds.add(ForgedIssuer.keySet(ForgedIssuer.RSA));
                seeds.add(DOCUMENTS.discovery);
                seeds.add(joined(
                        ("HTTP/1.1 200 OK\r\nContent-Length: " + keys.length + "\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8),
                        keys));
                seeds.add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
            }
        }
        return seeds;
    }

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }
}
