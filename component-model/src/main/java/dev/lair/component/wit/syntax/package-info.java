/**
 * WIT text as a syntax tree: lexical structure and grammar of WIT.md, every name with its place and every item with its
 * comments. Says nothing about what names mean.
 */
@NullMarked
package dev.lair.component.wit.syntax;

import org.jspecify.annotations.NullMarked;
