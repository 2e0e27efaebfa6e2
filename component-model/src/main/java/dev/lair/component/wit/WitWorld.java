package dev.lair.component.wit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A world with everything that it needs: interfaces that are only needed by others are among the imports, each before
 * those that need it.
 */
public record WitWorld(Owner.WorldId id, List<WorldItem> imports, List<WorldItem> exports, Annotations annotations) {
    public WitWorld {
        imports = List.copyOf(imports);
        exports = List.copyOf(exports);
    }

    public String name() {
        return id.name();
    }

    /** An import or export. */
    public sealed interface WorldItem {
        /** The name in binaries, unique among imports and among exports: a label or an interface's qualified name. */
        String key();

        Annotations annotations();

        WorldItem withStability(Stability stability);
    }

    /** An interface by its name; with a label, {@code label: a:b/c}, under that name. */
    public record InterfaceItem(
            Owner.InterfaceId id, @Nullable String label, Annotations annotations) implements WorldItem {
        @Override
        public String key() {
            return label == null ? id.toString() : label;
        }

        @Override
        public InterfaceItem withStability(Stability stability) {
            return new InterfaceItem(id, label, annotations.withStability(stability));
        }
    }

    /** An interface written out. */
    public record InlineItem(String label, WitInterface body) implements WorldItem {
        @Override
        public String key() {
            return label;
        }

        @Override
        public Annotations annotations() {
            return body.annotations();
        }

        @Override
        public InlineItem withStability(Stability stability) {
            return new InlineItem(
                    label,
                    new WitInterface(
                            body.id(),
                            body.types(),
                            body.functions(),
                            body.annotations().withStability(stability)));
        }
    }

    public record FunctionItem(WitFunction function) implements WorldItem {
        @Override
        public String key() {
            return function.name();
        }

        @Override
        public Annotations annotations() {
            return function.annotations();
        }

        @Override
        public FunctionItem withStability(Stability stability) {
            return new FunctionItem(new WitFunction(
                    function.item(),
                    function.kind(),
                    function.resource(),
                    function.async(),
                    function.params(),
                    function.result(),
                    function.annotations().withStability(stability)));
        }
    }

    /** A type of the world; imports only. */
    public record TypeItem(WitTypeDef type) implements WorldItem {
        @Override
        public String key() {
            return type.name();
        }

        @Override
        public Annotations annotations() {
            return type.annotations();
        }

        @Override
        public TypeItem withStability(Stability stability) {
            return new TypeItem(
                    new WitTypeDef(type.id(), type.kind(), type.annotations().withStability(stability)));
        }
    }
}
