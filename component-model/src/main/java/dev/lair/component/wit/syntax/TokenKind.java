package dev.lair.component.wit.syntax;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a token is; {@link #description} is how errors name it. */
enum TokenKind {
    EQUALS("'='"),
    COMMA("','"),
    COLON("':'"),
    SEMICOLON("';'"),
    LEFT_PAREN("'('"),
    RIGHT_PAREN("')'"),
    LEFT_BRACE("'{'"),
    RIGHT_BRACE("'}'"),
    LESS_THAN("'<'"),
    GREATER_THAN("'>'"),
    ARROW("'->'"),
    STAR("'*'"),
    AT("'@'"),
    SLASH("'/'"),
    PLUS("'+'"),
    MINUS("'-'"),
    PERIOD("'.'"),
    UNDERSCORE("keyword `_`"),
    ID("an identifier"),
    EXPLICIT_ID("an '%' identifier"),
    INTEGER("an integer"),
    STRING_LITERAL("a string"),
    END("eof"),

    AS,
    ASYNC,
    BOOL,
    BORROW,
    CHAR,
    CONSTRUCTOR,
    ENUM,
    ERROR_CONTEXT,
    EXPORT,
    F32,
    F64,
    FLAGS,
    FROM,
    FUNC,
    FUTURE,
    IMPORT,
    INCLUDE,
    INTERFACE,
    LIST,
    MAP,
    OPTION,
    OWN,
    PACKAGE,
    RECORD,
    RESOURCE,
    RESULT,
    S8,
    S16,
    S32,
    S64,
    STATIC,
    STREAM,
    STRING,
    TUPLE,
    TYPE,
    U8,
    U16,
    U32,
    U64,
    USE,
    VARIANT,
    WITH,
    WORLD;

    private static final Map<String, TokenKind> KEYWORDS = Arrays.stream(values())
            .filter(kind -> kind.keyword != null)
            .collect(Collectors.toUnmodifiableMap(TokenKind::keywordText, Function.identity()));

    private final String description;
    private final @Nullable String keyword;

    TokenKind(String description) {
        this.description = description;
        this.keyword = null;
    }

    TokenKind() {
        this.keyword = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        this.description = "keyword `" + this.keyword + "`";
    }

    String description() {
        return description;
    }

    /** The keyword that this text is, or {@link #ID}. */
    static TokenKind ofWord(String word) {
        return KEYWORDS.getOrDefault(word, ID);
    }

    private String keywordText() {
        return keyword == null ? "" : keyword;
    }
}
