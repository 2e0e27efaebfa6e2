package dev.lair.component.wit.encode;

import org.jspecify.annotations.Nullable;

/** The declarations of a component type or instance type, and how many types they have made so far. */
final class TypeDecls {
    static final int FUNC = 0x01;
    static final int TYPE = 0x03;
    static final int COMPONENT = 0x04;
    static final int INSTANCE = 0x05;

    private static final int COMPONENT_TYPE = 0x41;
    private static final int INSTANCE_TYPE = 0x42;

    private final Bytes body = new Bytes();
    private int count;
    private int types;

    /** The index that the next type gets. */
    int types() {
        return types;
    }

    /** Defines a type; gives its index. */
    int define(Bytes type) {
        body.put(0x01).put(type);
        count++;
        return types++;
    }

    /** Names a type of an instance; gives its index. */
    int aliasExport(int instance, String name) {
        body.put(0x02).put(TYPE).put(0x00).unsigned(instance).text(name);
        count++;
        return types++;
    }

    /** Names a type of the enclosing type; gives its index. */
    int aliasOuter(int index) {
        body.put(0x02).put(TYPE).put(0x02).unsigned(1).unsigned(index);
        count++;
        return types++;
    }

    /** Imports or exports a function, component or instance of a type. */
    void extern(boolean export, ItemName name, int sort, int type) {
        body.put(export ? 0x04 : 0x03).put(name.bytes()).put(sort).unsigned(type);
        count++;
    }

    /** Imports or exports a type that equals another; gives the index of the new one. */
    int externType(boolean export, ItemName name, int equalTo) {
        body.put(export ? 0x04 : 0x03).put(name.bytes()).put(TYPE).put(0x00).unsigned(equalTo);
        count++;
        return types++;
    }

    /** Imports or exports a fresh resource; gives its index. */
    int externResource(boolean export, ItemName name) {
        body.put(export ? 0x04 : 0x03).put(name.bytes()).put(TYPE).put(0x01);
        count++;
        return types++;
    }

    Bytes asComponentType() {
        return new Bytes().put(COMPONENT_TYPE).unsigned(count).put(body);
    }

    Bytes asInstanceType() {
        return new Bytes().put(INSTANCE_TYPE).unsigned(count).put(body);
    }

    /** A name of an import or export with the attributes that Binary.md has for it. */
    record ItemName(
            String name,
            @Nullable String implementing,
            @Nullable String externalId) {
        static ItemName of(String name) {
            return new ItemName(name, null, null);
        }

        Bytes bytes() {
            Bytes attributes = new Bytes();
            int count = 0;
            if (implementing != null) {
                attributes.put(0x00).text(implementing);
                count++;
            }
            if (externalId != null) {
                attributes.put(0x02).text(externalId);
                count++;
            }
            return count == 0
                    ? new Bytes().put(0x00).text(name)
                    : new Bytes().put(0x02).text(name).unsigned(count).put(attributes);
        }
    }
}
