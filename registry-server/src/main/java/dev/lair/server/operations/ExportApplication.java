package dev.lair.server.operations;

import dev.lair.server.content.ReleasedContents;
import dev.lair.server.gate.VersionFacts;
import dev.lair.server.insight.Catalog;
import dev.lair.server.ledger.Ledger;
import dev.lair.server.namespace.NamespaceFreezes;
import dev.lair.server.namespace.NamespaceOwners;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.provenance.Attestations;
import dev.lair.server.settings.LairSettings;
import dev.lair.server.tree.TreeExport;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.web.bind.annotation.RestController;

/** As much of the server as the tree follows from: no port, no doors, none of the regular jobs. */
@ComponentScan(
        basePackageClasses = {
            LairSettings.class,
            Ledger.class,
            Namespaces.class,
            VersionFacts.class,
            Catalog.class,
            Attestations.class,
            ReleasedContents.class,
            TreeExport.class
        },
        excludeFilters = {
            @Filter(RestController.class),
            @Filter(
                    type = FilterType.ASSIGNABLE_TYPE,
                    classes = {NamespaceOwners.class, NamespaceFreezes.class}),
            @Filter(type = FilterType.REGEX, pattern = ".*\\.(ContentCollector|TreeHeaders|TreeKeeper)")
        })
class ExportApplication {}
