package dev.lair.server.ledger;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code strace -f -y -xx} wrote about one process: the calls of all threads with all their bytes, in the order in
 * which they returned. A call that another thread interrupts on paper takes two lines, {@code <unfinished ...>} and
 * {@code <... NAME resumed>}; one that never returned is left out.
 */
record SystemCallTrace(List<Call> calls) {

    private static final String UNFINISHED = " <unfinished ...>";
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. \\w+ resumed>(.*)");
    private static final Pattern OPEN_FILE = Pattern.compile("(\\d+|AT_FDCWD)<([^>]*)>");
    private static final Pattern RESULT = Pattern.compile(".*\\)\\s+= (-?\\d+)(?:<[^>]*>)?[^=]*$");

    /**
     * One call that returned.
     *
     * @param begin line on which it began
     * @param end line on which it returned
     * @param folders paths of the open files and folders among its arguments, in order
     * @param strings what stood in quotes
     * @param arguments the arguments without what stood in quotes
     */
    record Call(
            int begin,
            int end,
            String name,
            List<String> folders,
            List<byte[]> strings,
            String arguments,
            long result) {

        boolean is(String... names) {
            return List.of(names).contains(name);
        }

        boolean succeeded() {
            return result >= 0;
        }

        /** The file that its first argument has open. */
        String openFile() {
            return folders.isEmpty() ? "" : folders.getFirst();
        }

        /** Its argument of this number that is a path; relative ones are below the folder before them. */
        String path(int number) {
            String path = new String(strings.get(number), ISO_8859_1);
            return path.startsWith("/") || folders.size() <= number ? path : folders.get(number) + "/" + path;
        }

        /** All bytes that it wrote or was to write. */
        byte[] data() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            strings.forEach(all::writeBytes);
            return all.toByteArray();
        }

        /** Its last argument, which is a number. */
        long lastNumber() {
            String inner = arguments.substring(0, arguments.lastIndexOf(')'));
            return Long.parseLong(inner.substring(inner.lastIndexOf(',') + 1).strip());
        }

        boolean isSync() {
            return is("fsync", "fdatasync");
        }
    }

    private record Begun(int line, String text) {}

    /** Reads it; {@code firstLine} is the number of its first line, so that traces can be told one after the other. */
    static SystemCallTrace read(Path trace, int firstLine) throws IOException {
        List<Call> calls = new ArrayList<>();
        Map<String, Begun> open = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(trace, ISO_8859_1)) {
            int number = firstLine;
            for (String line = lines.readLine(); line != null; line = lines.readLine(), number++) {
                int space = line.indexOf(' ');
                String thread = line.substring(0, space);
                String text = line.substring(space).stripLeading();
                int begin = number;
                if (text.endsWith(UNFINISHED)) {
                    open.put(thread, new Begun(number, text.substring(0, text.length() - UNFINISHED.length())));
                    continue;
                }
                Matcher resumed = RESUMED.matcher(text);
                Begun begun = resumed.matches() ? open.remove(thread) : null;
                if (begun != null) {
                    begin = begun.line();
                    text = begun.text() + resumed.group(1);
                }
                parse(begin, number, text, calls);
            }
        }
        return new SystemCallTrace(List.copyOf(calls));
    }

    private static void parse(int begin, int end, String text, List<Call> into) {
        int bracket = text.indexOf('(');
        if (bracket <= 0 || text.startsWith("+") || text.startsWith("-")) {
            return;
        }
        List<byte[]> strings = new ArrayList<>();
        StringBuilder rest = new StringBuilder();
        int at = bracket;
        for (int quote = text.indexOf('"', at); quote >= 0; quote = text.indexOf('"', at)) {
            int close = text.indexOf('"', quote + 1);
            if (text.startsWith("...", close + 1)) {
                throw new AssertionError("strace was told to keep too little of each string: line " + end);
            }
            strings.add(decode(text, quote + 1, close));
            rest.append(text, at, quote).append('?');
            at = close + 1;
        }
        rest.append(text, at, text.length());
        Matcher result = RESULT.matcher(rest);
        if (!result.matches()) {
            return;
        }
        String arguments = rest.substring(0, rest.lastIndexOf(" = "));
        List<String> folders = new ArrayList<>();
        Matcher files = OPEN_FILE.matcher(arguments);
        while (files.find()) {
            folders.add(new String(decode(files.group(2), 0, files.group(2).length()), ISO_8859_1));
        }
        into.add(new Call(
                begin,
                end,
                text.substring(0, bracket),
                List.copyOf(folders),
                strings,
                arguments,
                Long.parseLong(result.group(1))));
    }

    /** {@code \x41\x42}; with {@code -xx} nothing else stands in a string, but a file that is gone is marked in plain text. */
    private static byte[] decode(String text, int from, int until) {
        ByteArrayOutputStream out = new ByteArrayOutputStream((until - from) / 4);
        for (int at = from; at < until; ) {
            if (text.startsWith("\\x", at)) {
                out.write(HexFormat.fromHexDigits(text, at + 2, at + 4));
                at += 4;
            } else {
                out.write(text.charAt(at));
                at++;
            }
        }
        return out.toByteArray();
    }
}
