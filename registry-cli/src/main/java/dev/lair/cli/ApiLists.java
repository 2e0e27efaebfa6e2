package dev.lair.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists of documents: an older or newer registry may leave one out. */
final class ApiLists {

    private ApiLists() {}

    static <T> List<T> of(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
