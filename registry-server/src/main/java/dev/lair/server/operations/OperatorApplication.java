package dev.lair.server.operations;

import dev.lair.server.ledger.Ledger;
import dev.lair.server.namespace.NamespaceFreezes;
import dev.lair.server.namespace.NamespaceOwners;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.settings.LairSettings;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.web.bind.annotation.RestController;

/**
 * As much of the server as an operator record needs: settings, ledger, namespaces. No port, no doors, no accounts, and none of the
 * regular jobs, so that looking at a stopped registry changes nothing in it.
 */
@ComponentScan(
        basePackageClasses = {LairSettings.class, Ledger.class, Namespaces.class},
        excludeFilters = {
            @Filter(RestController.class),
            @Filter(
                    type = FilterType.ASSIGNABLE_TYPE,
                    classes = {NamespaceOwners.class, NamespaceFreezes.class})
        })
class OperatorApplication {}
