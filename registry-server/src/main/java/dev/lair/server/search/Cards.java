package dev.lair.server.search;

import dev.lair.registry.PackageName;
import dev.lair.registry.api.ContentFacts;
import dev.lair.registry.api.ContentFacts.Metadata;
import dev.lair.registry.attestation.DsseJson;
import dev.lair.registry.attestation.PublishAttestation;
import dev.lair.registry.attestation.PublisherIdentity;
import dev.lair.signing.dsse.DsseEnvelope;
import dev.lair.storage.registry.AttestationRows.Attestation;
import dev.lair.storage.registry.RegistryStore;
import dev.lair.transparency.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the card of a package from what the registry knows of it. */
final class Cards {

    private static final Logger LOG = LoggerFactory.getLogger(Cards.class);

    private static final Pattern LICENSE_WORDS =
            Pattern.compile("(?i)[\\s()]+(?:and|or|with)[\\s()]+|[()]+|[,;]\\s*|\\s*/\\s*");

    private static final String NO_CAPABILITY = "none";

    private final FactSource facts;
    private final RegistryStore registry;

    /** Where facts come from. */
    interface FactSource {

        /** What is known of a content; empty when it is lost. */
        Optional<ContentFacts> of(Digest content);
    }

    Cards(FactSource facts, RegistryStore registry) {
        this.facts = facts;
        this.registry = registry;
    }

    /** What came beside the content. */
    private record Beside(String readme, PublisherIdentity.@Nullable Kind kind, List<String> terms) {}

    Card of(PackageState state) {
        PackageState.Release shown = state.shown();
        Beside beside = beside(state.name(), shown.version().toString());
        Optional<ContentFacts> known = facts.of(shown.content());
        Offer offer = known.map(Offer::of).orElse(Offer.NOTHING);
        Metadata said = known.map(ContentFacts::metadata).orElse(null);
        String description = said == null ? "" : line(said.description());
        return new Card(
                state.name(),
                shown.version().toString(),
                state.isYankedWhole(),
                shown.time().toString(),
                known.map(ContentFacts::kind).orElse(null),
                description.isEmpty() ? firstLine(offer.docs(), beside.readme()) : description,
                said == null || line(said.licenses()).isEmpty() ? null : line(said.licenses()),
                said == null ? List.of() : licenseIds(line(said.licenses())),
                (beside.kind() == null ? PublisherIdentity.Kind.KEY : beside.kind()).text(),
                beside.terms(),
                known.map(Cards::toolchain).orElse(List.of()),
                known.map(Cards::capabilities).orElse(List.of()),
                offer.interfaces(),
                offer.worlds(),
                offer.exports(),
                offer.imports(),
                olderNames(state, offer),
                offer.items(),
                known.map(Cards::dependencies).orElse(Set.of()),
                text(beside.readme(), offer.docs()));
    }

    private List<InterfaceName> olderNames(PackageState state, Offer shown) {
        Set<String> have = new HashSet<>();
        Stream.concat(shown.interfaces().stream(), shown.worlds().stream())
                .map(InterfaceName::path)
                .forEach(have::add);
        List<InterfaceName> names = new ArrayList<>();
        for (PackageState.Release release : state.older()) {
            Offer older = facts.of(release.content()).map(Offer::of).orElse(Offer.NOTHING);
            Stream.concat(older.interfaces().stream(), older.worlds().stream())
                    .filter(name -> have.add(name.path()))
                    .forEach(names::add);
        }
        return names;
    }

    private Beside beside(PackageName name, String version) {
        return registry.read(rows -> {
            String readme = rows.attestations()
                    .readme(name.toString(), version)
                    .map(body -> new String(body, StandardCharsets.UTF_8))
                    .orElse("");
            List<Attestation> stated = rows.attestations().ofRelease(name.toString(), version);
            return stated.isEmpty() ? new Beside(readme, null, List.of()) : beside(readme, stated.getFirst());
        });
    }

    private static Beside beside(String readme, Attestation attestation) {
        try {
            DsseEnvelope envelope = DsseJson.parse(attestation.envelope());
            PublisherIdentity publisher =
                    PublishAttestation.parse(envelope.payload()).publisher();
            List<String> terms = new ArrayList<>();
            publisher.issuer().map(issuer -> URI.create(issuer).getHost()).ifPresent(terms::add);
            Stream.of("repository", "project_path", "login")
                    .map(publisher.claims()::get)
                    .filter(value -> value != null)
                    .forEach(terms::add);
            return new Beside(readme, publisher.kind(), terms);
        } catch (IllegalArgumentException e) {
            LOG.warn("attestation cannot be read package.name={}: {}", attestation.packageName(), e.getMessage());
            return new Beside(readme, null, List.of());
        }
    }

    private static List<String> toolchain(ContentFacts facts) {
        return Stream.of(facts.languages(), facts.tools(), facts.sdks())
                .flatMap(List::stream)
                .map(producer -> line(producer.name()))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private static List<String> capabilities(ContentFacts facts) {
        if (facts.kind().equals(ContentFacts.WIT_PACKAGE)) {
            return List.of();
        }
        return facts.capabilities().isEmpty()
                ? List.of(NO_CAPABILITY)
                : facts.capabilities().stream()
                        .map(ContentFacts.CapabilityUse::name)
                        .toList();
    }

    private static Set<String> dependencies(ContentFacts facts) {
        Set<String> names = new LinkedHashSet<>();
        facts.dependencies().forEach(each -> names.add(each.name()));
        return names;
    }

    static List<String> licenseIds(String expression) {
        return LICENSE_WORDS
                .splitAsStream(expression)
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
    }

    private static String text(String readme, String docs) {
        String all = readme.isEmpty() ? docs : readme + "\n" + docs;
        return all.length() <= SearchLimits.TEXT_CHARACTERS ? all : all.substring(0, SearchLimits.TEXT_CHARACTERS);
    }

    /** White space and control characters are one space each run: a line is shown as one. */
    private static String line(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String flat = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return flat.length() <= SearchLimits.LINE_CHARACTERS ? flat : flat.substring(0, SearchLimits.LINE_CHARACTERS);
    }

    /** What stands for a description where the author wrote none: the first sentence of the docs, else of the README. */
    private static String firstLine(String docs, String readme) {
        for (String text : List.of(docs, readme)) {
            for (String each : text.split("\n\\s*\n", 20)) {
                String paragraph = line(each);
                if (!paragraph.isEmpty()
                        && !paragraph.startsWith("#")
                        && Character.isLetterOrDigit(paragraph.charAt(0))) {
                    int end = paragraph.indexOf(". ");
                    return end < 0 ? paragraph : paragraph.substring(0, end + 1);
                }
            }
        }
        return "";
    }

    /** In lower case, for filters. */
    static String folded(String value) {
        return value.toLowerCase(Locale.ROOT);
    }
}
