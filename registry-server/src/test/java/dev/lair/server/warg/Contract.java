package dev.lair.server.warg;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/**
 * An OpenAPI contract of a door, as far as tests hold replies against it: operations, and the part of JSON Schema
 * that the contract uses. A reply may have no member that the contract does not name.
 */
public final class Contract {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head");

    private final Map<String, Object> root;

    private Contract(Map<String, Object> root) {
        this.root = root;
    }

    static Contract read() {
        return read("warg.yaml");
    }

    /** Another contract of the module openapi, by its file. */
    public static Contract read(String file) {
        try (InputStream in = Contract.class.getResourceAsStream("/openapi/" + file)) {
            return new Contract(new Yaml().load(Objects.requireNonNull(in, "the module openapi is not on the path")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every operation as {@code GET /v1/content/{}}: what a parameter is called does not matter. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        map(root, "paths").forEach((path, item) -> {
            for (String method : asMap(item).keySet()) {
                if (METHODS.contains(method)) {
                    operations.add(method.toUpperCase(Locale.ROOT) + " " + shape(path));
                }
            }
        });
        return operations;
    }

    public static String shape(String path) {
        return path.replaceAll("\\{[^}]*}", "{}");
    }

    /** What is wrong with this reply; empty when the contract allows it or knows no such path. */
    public List<String> faults(String method, String path, int status, JsonNode body) {
        Map<String, Object> operation = operation(method, path);
        List<String> faults = new ArrayList<>();
        if (operation == null) {
            return faults;
        }
        Map<String, Object> responses = map(operation, "responses");
        Object response = responses.get(Integer.toString(status));
        if (response == null) {
            response = responses.get("default");
        }
        if (response == null) {
            response = responses.get("404");
            if (status < 400) {
                faults.add("status " + status + " is not in the contract");
                return faults;
            }
        }
        Map<String, Object> content = map(resolve(asMap(Objects.requireNonNull(response))), "content");
        Object json = content.get(status < 400 ? "application/json" : errorType(content));
        if (json != null) {
            check(map(asMap(json), "schema"), body, "body", faults);
        }
        return faults;
    }

    private static String errorType(Map<String, Object> content) {
        return content.containsKey("application/problem+json") ? "application/problem+json" : "application/json";
    }

    private @Nullable Map<String, Object> operation(String method, String path) {
        for (Map.Entry<String, Object> item : map(root, "paths").entrySet()) {
            String pattern = Pattern.compile("\\{[^}]*}")
                    .splitAsStream(item.getKey() + " ")
                    .map(Pattern::quote)
                    .reduce((a, b) -> a + "[^/]+" + b)
                    .orElseThrow();
            if ((path + " ").matches(pattern)) {
                Object operation = asMap(item.getValue()).get(method.toLowerCase(Locale.ROOT));
                if (operation != null) {
                    return asMap(operation);
                }
            }
        }
        return null;
    }

    private void check(Map<String, Object> unresolved, JsonNode value, String place, List<String> faults) {
        Map<String, Object> schema = resolve(unresolved);
        if (schema.isEmpty()) {
            // Anything is allowed.
            return;
        }
        Object type = schema.get("type");
        if (type != null && types(type).stream().noneMatch(name -> isOf(name, value))) {
            faults.add(place + " is " + value.getNodeType() + ", not " + type);
            return;
        }
        if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value.asString(""))) {
            faults.add(place + " is `" + value + "`, not one of " + allowed);
        }
        if (schema.get("pattern") instanceof String pattern
                && !Pattern.compile(pattern).matcher(value.asString("")).find()) {
            faults.add(place + " is `" + value + "`, which does not match " + pattern);
        }
        if (schema.get("minimum") instanceof Number minimum
                && value.isNumber()
                && value.decimalValue().compareTo(new BigDecimal(minimum.toString())) < 0) {
            faults.add(place + " is " + value + ", less than " + minimum);
        }
        if (value.isObject()) {
            checkObject(schema, value, place, faults);
        }
        if (value.isArray() && schema.containsKey("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(map(schema, "items"), value.get(i), place + "[" + i + "]", faults);
            }
        }
    }

    private void checkObject(Map<String, Object> schema, JsonNode value, String place, List<String> faults) {
        if (schema.get("required") instanceof List<?> required) {
            required.stream()
                    .filter(name -> !value.has(String.valueOf(name)))
                    .forEach(name -> faults.add(place + " has no `" + name + "`"));
        }
        Map<String, Object> properties = map(schema, "properties");
        Set<String> unknown = new HashSet<>(value.propertyNames());
        unknown.removeAll(properties.keySet());
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            if (value.has(property.getKey())) {
                check(
                        asMap(property.getValue()),
                        value.get(property.getKey()),
                        place + "." + property.getKey(),
                        faults);
            }
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> additional) {
            for (String name : unknown) {
                check(asMap(additional), value.get(name), place + "." + name, faults);
            }
        } else if (!unknown.isEmpty()) {
            faults.add(place + " has members that the contract does not know: " + unknown);
        }
    }

    private static List<String> types(Object type) {
        return type instanceof List<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(type.toString());
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> throw new IllegalArgumentException("the contract has a type " + type);
        };
    }

    private Map<String, Object> resolve(Map<String, Object> node) {
        if (!(node.get("$ref") instanceof String reference)) {
            return node;
        }
        Map<String, Object> found = root;
        for (String step : reference.substring(2).split("/")) {
            found = map(found, step);
        }
        return resolve(found);
    }

    private static Map<String, Object> map(Map<String, Object> node, String key) {
        Object value = node.get(key);
        return value == null ? Map.of() : asMap(value);
    }

    @SuppressWarnings("unchecked") // YAML objects have text keys.
    private static Map<String, Object> asMap(Object value) {
        return (Map<String, Object>) value;
    }
}
