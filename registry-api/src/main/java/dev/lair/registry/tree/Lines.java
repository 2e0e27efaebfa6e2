package dev.lair.registry.tree;

import dev.lair.registry.api.ApiJson;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Newline-delimited JSON: each object on a line of its own, which a single LF ends. */
final class Lines {

    private Lines() {}

    static byte[] format(List<?> lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object line : lines) {
            out.writeBytes(ApiJson.write(line));
            out.write('\n');
        }
        return out.toByteArray();
    }

    static <T> List<T> parse(byte[] body, Class<T> type) {
        List<T> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '\n') {
                lines.add(line(Arrays.copyOfRange(body, from, i), lines.size() + 1, type));
                from = i + 1;
            }
        }
        if (from != body.length) {
            throw new IllegalArgumentException("line " + (lines.size() + 1) + " has no end: the file is cut off");
        }
        return lines;
    }

    private static <T> T line(byte[] json, int number, Class<T> type) {
        try {
            return ApiJson.read(json, type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + number + " is no " + type.getSimpleName(), e);
        }
    }
}
