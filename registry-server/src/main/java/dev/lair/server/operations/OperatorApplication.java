package dev.lair.server.operations;

import dev.lair.server.ledger.Ledger;
import dev.lair.server.namespace.Namespaces;
import dev.lair.server.settings.LairSettings;
import org.springframework.context.annotation.ComponentScan;

/**
 * As much of the server as an operator record needs: settings, ledger, namespaces. No port, no doors, and none of the
 * regular jobs, so that looking at a stopped registry changes nothing in it.
 */
@ComponentScan(basePackageClasses = {LairSettings.class, Ledger.class, Namespaces.class})
class OperatorApplication {}
