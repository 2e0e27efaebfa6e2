package dev.lair.component.wit;

/** The types that WIT has by itself. {@link #keyword} is the text that stands for one. */
public enum Primitive implements WitType {
    BOOL("bool"),
    S8("s8"),
    U8("u8"),
    S16("s16"),
    U16("u16"),
    S32("s32"),
    U32("u32"),
    S64("s64"),
    U64("u64"),
    F32("f32"),
    F64("f64"),
    CHAR("char"),
    STRING("string"),
    ERROR_CONTEXT("error-context");

    private final String keyword;

    Primitive(String keyword) {
        this.keyword = keyword;
    }

    public String keyword() {
        return keyword;
    }
}
