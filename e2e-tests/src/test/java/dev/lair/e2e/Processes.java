package dev.lair.e2e;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The processes that a test started. Closing it ends each of them with all their descendants, by SIGKILL and whatever the
 * test's outcome; so does the end of this JVM.
 */
final class Processes implements AutoCloseable {

    private static final Set<Process> ALL = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALL.forEach(Processes::end)));
    }

    private final Set<Process> mine = ConcurrentHashMap.newKeySet();

    Process started(Process process) {
        mine.add(process);
        ALL.add(process);
        return process;
    }

    /** SIGKILL to the descendants first: a tracer that dies first would leave what it traces running. */
    static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        for (Process process : mine) {
            end(process);
            // Nothing that may still write into a folder is left when the folder is deleted.
            process.onExit().join();
            ALL.remove(process);
        }
        mine.clear();
    }
}
