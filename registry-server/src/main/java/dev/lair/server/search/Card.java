package dev.lair.server.search;

import dev.lair.registry.PackageName;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is found and shown of one package, in plain values: what is between the registry and the index.
 *
 * @param version that is shown
 * @param isYanked whether every version is yanked
 * @param releasedAt RFC 3339
 * @param kind absent when nothing is known of the content
 * @param description one line; empty without one
 * @param licenses as the author says
 * @param licenseIds each licence named in it
 * @param provenance how the shown release came
 * @param provenanceTerms what else its filter finds: the issuer's host, the repository
 * @param toolchain languages, tools and SDKs
 * @param capabilities that are asked of a host
 * @param interfaces that it defines, exports or has in a world of its own: what it offers
 * @param worlds that it defines
 * @param exports of a component
 * @param imports of a component
 * @param olderNames interfaces and worlds of older version tracks that the shown release does not have
 * @param items types and functions of what it offers
 * @param dependencies {@code ns:name}
 * @param text README and docs
 */
record Card(
        PackageName name,
        String version,
        boolean isYanked,
        String releasedAt,
        @Nullable String kind,
        String description,
        @Nullable String licenses,
        List<String> licenseIds,
        String provenance,
        List<String> provenanceTerms,
        List<String> toolchain,
        List<String> capabilities,
        List<InterfaceName> interfaces,
        List<InterfaceName> worlds,
        List<InterfaceName> exports,
        List<InterfaceName> imports,
        List<InterfaceName> olderNames,
        Set<String> items,
        Set<String> dependencies,
        String text) {}
