package dev.lair.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code strace -f -y} wrote: the calls of all threads, in the order in which they began. A call that another thread
 * interrupts on paper takes two lines, {@code <unfinished ...>} and {@code <... NAME resumed>}.
 */
record SystemCalls(List<Call> calls) {

    private static final Pattern LINE = Pattern.compile("(\\d+) +(?:<\\.\\.\\. (\\w+) resumed>)?(.*)");
    private static final Pattern NAME = Pattern.compile("(\\w+)\\((.*)");
    private static final String UNFINISHED = "<unfinished ...>";

    /** One call. It began at line {@code begin} of the trace and returned at line {@code end}. */
    record Call(int begin, int end, String name, String arguments) {

        /** Whether it is one of these calls. */
        boolean is(String... names) {
            return List.of(names).contains(name);
        }

        /** Whether its first argument is a file whose path ends so. */
        boolean onPathEnding(String suffix) {
            int close = arguments.indexOf('>');
            return close > 0 && arguments.substring(0, close).endsWith(suffix);
        }

        /** Syncs a file to disk. */
        boolean isSync() {
            return is("fsync", "fdatasync") && arguments.endsWith(" = 0");
        }

        /** Writes to a file or socket. */
        boolean isWrite() {
            return is("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg");
        }
    }

    static SystemCalls read(Path trace) throws IOException {
        List<Call> calls = new ArrayList<>();
        Map<String, Integer> open = new HashMap<>();
        List<String> lines = Files.readAllLines(trace, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                continue;
            }
            String thread = line.group(1);
            Integer begun = open.get(thread);
            if (line.group(2) != null && begun != null) {
                Call call = calls.get(begun);
                calls.set(begun, new Call(call.begin(), i, call.name(), call.arguments() + line.group(3)));
                open.remove(thread);
                continue;
            }
            Matcher name = NAME.matcher(line.group(3));
            if (!name.matches()) {
                continue;
            }
            String arguments = name.group(2);
            if (arguments.endsWith(UNFINISHED)) {
                open.put(thread, calls.size());
                // Not returned yet: the trace may end here.
                calls.add(new Call(
                        i,
                        Integer.MAX_VALUE,
                        name.group(1),
                        arguments.substring(0, arguments.length() - UNFINISHED.length())));
            } else {
                calls.add(new Call(i, i, name.group(1), arguments));
            }
        }
        return new SystemCalls(calls);
    }

    /** All calls of this kind that began between two lines, both exclusive. */
    List<Call> between(int after, int before, Predicate<Call> kind) {
        return calls.stream()
                .filter(call -> call.begin() > after && call.begin() < before)
                .filter(kind)
                .toList();
    }

    /** The writes that begin an HTTP reply with this status. */
    List<Call> replies(int status) {
        return calls.stream()
                .filter(Call::isWrite)
                .filter(call -> call.arguments().contains("\"HTTP/1.1 " + status + " "))
                .toList();
    }
}
