package dev.lair.component.binary;

import java.util.List;

/**
 * Encodes the model of a component (Binary.md): the inverse of {@link ComponentReader}. What other encoders write in
 * their shortest form comes out byte for byte.
 */
public final class ComponentWriter {
    private static final byte[] PREAMBLE = {0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00};

    private ComponentWriter() {}

    /** The binary of a component. */
    public static byte[] write(ComponentBinary component) {
        return write(component.sections());
    }

    /** The binary of a component of these sections. */
    public static byte[] write(List<Section> sections) {
        ByteSink out = new ByteSink().bytes(PREAMBLE);
        sections.forEach(section -> section(out, section));
        return out.toByteArray();
    }

    /** How many bytes a type definition takes. */
    public static int sizeBytes(TypeDef type) {
        ByteSink out = new ByteSink();
        TypeWriter.definition(out, type);
        return out.sizeBytes();
    }

    private static void section(ByteSink out, Section section) {
        switch (section) {
            case Section.Custom custom ->
                out.section(0, body -> body.name(custom.name()).bytes(custom.data()));
            case Section.CoreModule module -> out.section(1, body -> body.bytes(module.bytes()));
            case Section.CoreInstances s ->
                out.section(2, body -> body.each(s.instances(), i -> coreInstance(body, i)));
            case Section.CoreTypes s ->
                out.section(3, body -> body.each(s.types(), t -> CoreTypeWriter.definition(body, t)));
            case Section.Nested s -> out.section(4, body -> body.bytes(write(s.component())));
            case Section.Instances s -> out.section(5, body -> body.each(s.instances(), i -> instance(body, i)));
            case Section.Aliases s -> out.section(6, body -> body.each(s.aliases(), a -> TypeWriter.alias(body, a)));
            case Section.Types s -> out.section(7, body -> body.each(s.types(), t -> TypeWriter.definition(body, t)));
            case Section.Canons s -> out.section(8, body -> body.each(s.canons(), c -> canon(body, c)));
            case Section.Start s ->
                out.section(
                        9,
                        body -> body.unsigned(s.func())
                                .each(s.arguments(), a -> body.unsigned(a))
                                .unsigned(s.results()));
            case Section.Imports s ->
                out.section(
                        10,
                        body -> body.each(s.imports(), i -> {
                            TypeWriter.rawName(body, i.name());
                            TypeWriter.externDesc(body, i.desc());
                        }));
            case Section.Exports s -> out.section(11, body -> body.each(s.exports(), e -> export(body, e)));
        }
    }

    private static void export(ByteSink out, Section.Export export) {
        TypeWriter.rawName(out, export.name());
        TypeWriter.sort(out, export.sort());
        out.unsigned(export.index());
        ExternDesc ascribed = export.ascribed();
        out.u8(ascribed == null ? 0 : 1);
        if (ascribed != null) {
            TypeWriter.externDesc(out, ascribed);
        }
    }

    private static void coreInstance(ByteSink out, CoreInstance instance) {
        switch (instance) {
            case CoreInstance.Instantiate i ->
                out.u8(0x00)
                        .unsigned(i.module())
                        .each(i.arguments(), a -> out.name(a.name()).u8(0x12).unsigned(a.instance()));
            case CoreInstance.FromExports i ->
                out.u8(0x01)
                        .each(
                                i.exports(),
                                e -> out.name(e.name()).u8(e.sort().code()).unsigned(e.index()));
        }
    }

    private static void instance(ByteSink out, Instance instance) {
        switch (instance) {
            case Instance.Instantiate i ->
                out.u8(0x00).unsigned(i.component()).each(i.arguments(), a -> {
                    out.name(a.name());
                    TypeWriter.sort(out, a.sort());
                    out.unsigned(a.index());
                });
            case Instance.FromExports i ->
                out.u8(0x01).each(i.exports(), e -> {
                    TypeWriter.rawName(out, e.name());
                    TypeWriter.sort(out, e.sort());
                    out.unsigned(e.index());
                });
        }
    }

    private static void canon(ByteSink out, Canon canon) {
        switch (canon) {
            case Canon.Lift lift -> {
                out.u8(0x00).u8(0x00).unsigned(lift.coreFunc());
                options(out, lift.options());
                out.unsigned(lift.type());
            }
            case Canon.Lower lower -> {
                out.u8(0x01).u8(0x00).unsigned(lower.func());
                options(out, lower.options());
            }
            case Canon.Builtin builtin -> builtin(out, builtin);
        }
    }

    private static void builtin(ByteSink out, Canon.Builtin builtin) {
        out.u8(builtin.op().code());
        int flag = builtin.flag() ? 1 : 0;
        switch (builtin.op().immediates()) {
            case NONE -> {}
            case FLAG -> out.u8(flag);
            case INDEX -> out.unsigned(builtin.index());
            case TWO_INDEXES -> out.unsigned(builtin.index()).unsigned(builtin.second());
            case INDEX_FLAG -> out.unsigned(builtin.index()).u8(flag);
            case FLAG_INDEX -> out.u8(flag).unsigned(builtin.index());
            case OPTIONS -> options(out, builtin.options());
            case INDEX_OPTIONS -> {
                out.unsigned(builtin.index());
                options(out, builtin.options());
            }
            case RESULT_OPTIONS -> {
                TypeWriter.result(out, builtin.result());
                options(out, builtin.options());
            }
            case SLOT -> {
                CoreValType slotType = builtin.slotType();
                if (slotType == null) {
                    throw new IllegalArgumentException(builtin.op().label() + " without a value type");
                }
                CoreTypeWriter.valType(out, slotType);
                out.unsigned(builtin.second());
            }
        }
    }

    private static void options(ByteSink out, List<CanonOption> options) {
        out.each(options, option -> {
            switch (option) {
                case CanonOption.Encoding encoding -> out.u8(encoding.code());
                case CanonOption.Memory o -> out.u8(0x03).unsigned(o.index());
                case CanonOption.Realloc o -> out.u8(0x04).unsigned(o.func());
                case CanonOption.PostReturn o -> out.u8(0x05).unsigned(o.func());
                case CanonOption.Async o -> out.u8(0x06);
                case CanonOption.Callback o -> out.u8(0x07).unsigned(o.func());
                case CanonOption.CoreType o -> out.u8(0x08).unsigned(o.type());
                case CanonOption.Gc o -> out.u8(0x09);
            }
        });
    }
}
