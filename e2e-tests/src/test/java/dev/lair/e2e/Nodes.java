package dev.lair.e2e;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The nodes of one registry as its clients have them in a list: each may be gone, and come back on another port. */
final class Nodes {

    private final CopyOnWriteArrayList<ServerProcess> processes;

    Nodes(ServerProcess... processes) {
        this.processes = new CopyOnWriteArrayList<>(processes);
    }

    int count() {
        return processes.size();
    }

    ServerProcess process(int node) {
        return processes.get(node);
    }

    Registry registry(int node) {
        return process(node).registry();
    }

    /** All of them. */
    List<Registry> registries() {
        return processes.stream().map(ServerProcess::registry).toList();
    }

    /** This node is another process from now on. */
    void replace(int node, ServerProcess process) {
        processes.set(node, process);
    }

    /** All that they printed, for failures. */
    String logs() throws Exception {
        StringBuilder logs = new StringBuilder();
        for (ServerProcess process : processes) {
            logs.append("\n--- ").append(process.url()).append('\n').append(process.log());
        }
        return logs.toString();
    }
}
