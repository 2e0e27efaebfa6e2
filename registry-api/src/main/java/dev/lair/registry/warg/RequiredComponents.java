package dev.lair.registry.warg;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the JSON library leaves open: a record component, list item or map value that is not marked {@code @Nullable} must
 * be there. So the body types themselves say what is required.
 */
final class RequiredComponents {

    private RequiredComponents() {}

    static void check(@Nullable Object body) throws MalformedBodyException {
        if (body == null) {
            throw new MalformedBodyException("the JSON body is not valid: it is `null`, not an object");
        }
        if (body instanceof Record record) {
            checkRecord(record, "");
        }
    }

    private static void checkRecord(Record record, String path) throws MalformedBodyException {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String place = path.isEmpty() ? component.getName() : path + "." + component.getName();
            checkValue(valueOf(record, component), component.getAnnotatedType(), place);
        }
    }

    private static void checkValue(@Nullable Object value, AnnotatedType type, String place)
            throws MalformedBodyException {
        if (value == null) {
            if (!type.isAnnotationPresent(Nullable.class)) {
                throw new MalformedBodyException("the JSON body is not valid at `" + place + "`: it is required");
            }
            return;
        }
        switch (value) {
            case Record nested -> checkRecord(nested, place);
            case List<?> items -> {
                for (int i = 0; i < items.size(); i++) {
                    checkValue(items.get(i), argument(type, 0), place + "[" + i + "]");
                }
            }
            case Map<?, ?> map -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    checkValue(entry.getValue(), argument(type, 1), place + "." + entry.getKey());
                }
            }
            default -> {
                // A leaf: being there is all that is asked.
            }
        }
    }

    private static AnnotatedType argument(AnnotatedType type, int index) {
        return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[index];
    }

    private static @Nullable Object valueOf(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException("accessors of body types are public and pure", impossible);
        }
    }
}
