package dev.lair.component.validate;

import dev.lair.component.CoreCheck;
import dev.lair.component.CoreValidator;
import dev.lair.component.InvalidWasmException;
import dev.lair.component.binary.ByteCursor;
import dev.lair.component.binary.ComponentLimits;
import dev.lair.component.binary.CoreExtern;
import dev.lair.component.binary.CoreTypeDef;
import dev.lair.component.binary.CoreTypeReader;
import dev.lair.component.binary.InvalidComponentException;
import dev.lair.component.binary.Section;
import dev.lair.component.binary.UncheckedComponentException;
import dev.lair.component.types.CoreEntity;
import dev.lair.component.types.CoreTypes;
import dev.lair.component.types.ModuleType;
import dev.lair.component.types.TypeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The type of a core module inside a component: the module is checked by the core validator, then its sections are
 * read
 * for imports and exports (core specification 3.0, section 5.5). A module with features that the core validator
 * lacks is
 * noted as not checked, and linked all the same.
 */
final class CoreModules {
    private static final String PLACE = " (at offset 0x";

    private final Pass pass;
    private final CoreDefinitions definitions;

    /** One for the whole binary: its modules share the limits of work. */
    private final CoreValidator validator = new CoreValidator();

    CoreModules(Pass pass, CoreDefinitions definitions) {
        this.pass = pass;
        this.definitions = definitions;
    }

    ModuleType module(Section.CoreModule module)
            throws InvalidComponentException, UncheckedComponentException, TypeException {
        CoreCheck check = check(module);
        pass.coreModule(check);
        return new Reader(module).read();
    }

    private CoreCheck check(Section.CoreModule module) throws InvalidComponentException {
        try {
            return switch (validator.next(module.bytes())) {
                case CoreCheck.Valid valid -> valid;
                case CoreCheck.NotChecked notChecked ->
                    new CoreCheck.NotChecked(placed(notChecked.reason(), module.offset()));
            };
        } catch (InvalidWasmException e) {
            throw new InvalidComponentException(e.rule(), module.offset() + e.offset());
        }
    }

    /** The reason with the offset in the outermost binary: the core validator knows only the module. */
    private static String placed(String reason, long moduleOffset) {
        int place = reason.lastIndexOf(PLACE);
        if (place < 0) {
            return reason;
        }
        String digits = reason.substring(place + PLACE.length(), reason.length() - 1);
        return reason.substring(0, place) + PLACE + Long.toHexString(moduleOffset + Long.parseLong(digits, 16)) + ")";
    }

    /** Index spaces of one module. */
    private final class Reader {
        private final Section.CoreModule module;
        private final List<Integer> types = new ArrayList<>();
        private final List<CoreEntity> funcs = new ArrayList<>();
        private final List<CoreEntity> tables = new ArrayList<>();
        private final List<CoreEntity> memories = new ArrayList<>();
        private final List<CoreEntity> globals = new ArrayList<>();
        private final List<CoreEntity> tags = new ArrayList<>();
        private final CoreDefinitions.ModuleItems items = new CoreDefinitions.ModuleItems(pass);
        private final CoreTypes.Resolver resolver = index -> CoreDefinitions.typeAt(types, index);

        Reader(Section.CoreModule module) {
            this.module = module;
        }

        ModuleType read() throws InvalidComponentException, UncheckedComponentException, TypeException {
            ByteCursor in = new ByteCursor(module.bytes(), module.offset());
            in.skip(8);
            while (in.hasRemaining()) {
                int id = in.u8();
                section(id, in.sized());
            }
            pass.at(module.offset());
            return items.type();
        }

        private void section(int id, ByteCursor in)
                throws InvalidComponentException, UncheckedComponentException, TypeException {
            switch (id) {
                case 1 -> each(in, this::type);
                case 2 -> each(in, this::importItem);
                case 3 -> each(in, c -> define(funcs, new CoreExtern.Func(c.index())));
                case 4 -> each(in, this::table);
                case 5 -> each(in, c -> define(memories, CoreTypeReader.memory(c)));
                case 6 -> each(in, this::global);
                case 7 -> each(in, this::export);
                case 13 -> each(in, c -> define(tags, CoreTypeReader.tag(c)));
                default -> {} // start, elements, code, data and custom sections have no part in the type
            }
        }

        private void each(ByteCursor in, Item item)
                throws InvalidComponentException, UncheckedComponentException, TypeException {
            int count = in.count(ComponentLimits.DEFINITIONS, "definition");
            for (int i = 0; i < count; i++) {
                pass.at(in.offset());
                item.read(in);
            }
        }

        private void type(ByteCursor in) throws InvalidComponentException, UncheckedComponentException, TypeException {
            CoreTypeDef.Group group = CoreTypeReader.group(in);
            int first = pass.coreTypes.group(group, types.size(), resolver);
            for (int i = 0; i < group.types().size(); i++) {
                types.add(first + i);
            }
        }

        private void importItem(ByteCursor in)
                throws InvalidComponentException, UncheckedComponentException, TypeException {
            String moduleName = in.name();
            String name = in.name();
            CoreExtern extern = CoreTypeReader.extern(in);
            CoreEntity entity = define(space(extern), extern);
            items.addImport(moduleName, name, entity);
        }

        private List<CoreEntity> space(CoreExtern extern) {
            return switch (extern) {
                case CoreExtern.Func e -> funcs;
                case CoreExtern.Table e -> tables;
                case CoreExtern.Memory e -> memories;
                case CoreExtern.Global e -> globals;
                case CoreExtern.Tag e -> tags;
            };
        }

        private CoreEntity define(List<CoreEntity> space, CoreExtern extern)
                throws InvalidComponentException, TypeException {
            CoreEntity entity = definitions.entity(extern, resolver);
            space.add(entity);
            return entity;
        }

        private void table(ByteCursor in) throws InvalidComponentException, UncheckedComponentException, TypeException {
            boolean initialised = in.peek() == 0x40;
            if (initialised) {
                in.skip(2);
            }
            define(tables, CoreTypeReader.table(in));
            if (initialised) {
                ConstantExpression.skip(in);
            }
        }

        private void global(ByteCursor in)
                throws InvalidComponentException, UncheckedComponentException, TypeException {
            define(globals, CoreTypeReader.global(in));
            ConstantExpression.skip(in);
        }

        private void export(ByteCursor in) throws InvalidComponentException {
            String name = in.name();
            long at = in.offset();
            int kind = in.u8();
            int index = in.index();
            List<CoreEntity> space =
                    switch (kind) {
                        case 0 -> funcs;
                        case 1 -> tables;
                        case 2 -> memories;
                        case 3 -> globals;
                        case 4 -> tags;
                        default -> throw new InvalidComponentException("malformed export kind " + kind, at);
                    };
            if (index >= space.size()) {
                throw new InvalidComponentException("export `" + name + "` names no definition", at);
            }
            items.addExport(name, space.get(index));
        }
    }

    private interface Item {
        void read(ByteCursor in) throws InvalidComponentException, UncheckedComponentException, TypeException;
    }
}
