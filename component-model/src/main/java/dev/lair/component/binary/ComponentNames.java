package dev.lair.component.binary;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The custom section {@code component-name} (Binary.md, "Name Section"): what the author calls a component and its
 * definitions. It is a hint for people; a section that is broken is no error and has no names.
 *
 * @param component the component's own name, or null
 * @param definitions names by sort and index
 */
public record ComponentNames(@Nullable String component, Map<Sort, Map<Integer, String>> definitions) {
    /** The name of the custom section. */
    public static final String SECTION = "component-name";

    /** Reads the section; empty when it is another one, or broken. */
    public static Optional<ComponentNames> read(Section.Custom section) {
        if (!section.name().equals(SECTION)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(new ByteCursor(section.data(), section.offset())));
        } catch (InvalidComponentException e) {
            return Optional.empty();
        }
    }

    private static ComponentNames read(ByteCursor in) throws InvalidComponentException {
        String component = null;
        Map<Sort, Map<Integer, String>> definitions = new EnumMap<>(Sort.class);
        while (in.hasRemaining()) {
            int id = in.u8();
            ByteCursor body = in.sized();
            switch (id) {
                case 0 -> component = body.name();
                case 1 -> {
                    Sort sort = TypeReader.sort(body);
                    definitions.put(sort, names(body));
                }
                default -> {} // of a later version
            }
        }
        return new ComponentNames(component, definitions);
    }

    private static Map<Integer, String> names(ByteCursor in) throws InvalidComponentException {
        int count = in.count(ComponentLimits.DEFINITIONS, "name");
        Map<Integer, String> names = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            names.put(in.index(), in.name());
        }
        return names;
    }
}
