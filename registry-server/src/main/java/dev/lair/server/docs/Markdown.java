package dev.lair.server.docs;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;
import org.jspecify.annotations.Nullable;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * Markdown of strangers as HTML that can do nothing: CommonMark with tables, written by one library and checked by another
 * against a list of what may stand there. Raw HTML is shown as text; an image becomes a link to it, so that reading a page
 * asks no other origin for anything; links go to {@code http}, {@code https} and {@code mailto} or inside of the text, and say
 * that nobody vouches for them; headings stand below those of the page and ids cannot be taken for the page's own.
 */
public final class Markdown {

    /** Begins every id that a text gives: no id of a page does. */
    public static final String ID_PREFIX = "user-";

    /** How many levels headings are lowered: those of a page come first. */
    private static final int README_SHIFT = 1;

    private static final int COMMENT_SHIFT = 4;

    private static final Pattern HREF =
            Pattern.compile("(?:https?://|mailto:)[^\\s\"<>\\\\^`{|}]+|#" + ID_PREFIX + "[a-z0-9-]{1,80}");
    private static final Pattern ID = Pattern.compile(ID_PREFIX + "[a-z0-9-]{1,80}");
    private static final Pattern LANGUAGE = Pattern.compile("language-[A-Za-z0-9+-]{1,20}");

    private static final List<TablesExtension> EXTENSIONS = List.of((TablesExtension) TablesExtension.create());

    private static final Parser PARSER = Parser.builder()
            .extensions(EXTENSIONS)
            .maxOpenBlockParsers(DocsLimits.MARKDOWN_NESTING)
            .maxInlineNesting(DocsLimits.MARKDOWN_NESTING)
            .build();

    private static final TextContentRenderer PLAIN =
            TextContentRenderer.builder().extensions(EXTENSIONS).build();

    /** What may stand in the answer. It holds whatever the renderer does. */
    private static final PolicyFactory POLICY = new HtmlPolicyBuilder()
            .allowElements(
                    "p",
                    "br",
                    "hr",
                    "h2",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "em",
                    "strong",
                    "code",
                    "pre",
                    "blockquote",
                    "ul",
                    "ol",
                    "li",
                    "a",
                    "table",
                    "thead",
                    "tbody",
                    "tr",
                    "th",
                    "td")
            .allowAttributes("id")
            .matching(ID)
            .onElements("h2", "h3", "h4", "h5", "h6")
            .allowAttributes("href")
            .matching(HREF)
            .onElements("a")
            .allowAttributes("class")
            .matching(LANGUAGE)
            .onElements("code")
            .allowAttributes("start")
            .matching(Pattern.compile("[0-9]{1,9}"))
            .onElements("ol")
            .allowStandardUrlProtocols()
            .requireRelsOnLinks("nofollow", "ugc", "noopener", "noreferrer")
            .toFactory();

    private Markdown() {}

    /** A README, whose first heading is one of the second level; too long ones are cut. */
    public static String readme(String text) {
        return render(text, README_SHIFT, DocsLimits.README_CHARACTERS);
    }

    /** Whether {@link #readme} shows only the beginning. */
    public static boolean isCut(String readme) {
        return readme.length() > DocsLimits.README_CHARACTERS;
    }

    /**
     * A comment of WIT, whose first heading is one of the fifth level; too long ones are cut. There are many on a page, often
     * with the same headings, so these get no ids.
     */
    public static String comment(String text) {
        return render(text, COMMENT_SHIFT, DocsLimits.COMMENT_CHARACTERS);
    }

    private static String render(String text, int shift, int characters) {
        boolean hasIds = shift == README_SHIFT;
        Node document = PARSER.parse(cut(text, characters));
        document.accept(new Tamed(shift, hasIds));
        HtmlRenderer.Builder renderer =
                HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).sanitizeUrls(true);
        if (hasIds) {
            renderer.attributeProviderFactory(context -> new HeadingIds());
        }
        return POLICY.sanitize(renderer.build().render(document));
    }

    /** The first paragraph or so, without marks, for a list; empty when there is nothing. */
    public static String summary(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return "";
        }
        String stripped = text.strip();
        int end = stripped.indexOf("\n\n");
        String first = cut(end < 0 ? stripped : stripped.substring(0, end), 4 * DocsLimits.SUMMARY_CHARACTERS);
        String plain = PLAIN.render(PARSER.parse(first)).replaceAll("\\s+", " ").strip();
        return plain.length() <= DocsLimits.SUMMARY_CHARACTERS
                ? plain
                : cut(plain, DocsLimits.SUMMARY_CHARACTERS - 1).stripTrailing() + "…";
    }

    /** The beginning of a text, without half a character at its end. */
    private static String cut(String text, int characters) {
        if (text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end);
    }

    /** Lowers headings, turns images into links and takes away links that lead nowhere from here. */
    private static final class Tamed extends AbstractVisitor {

        private static final Set<String> OUTSIDE = Set.of("http", "https", "mailto");

        private final int shift;
        private final boolean hasIds;

        Tamed(int shift, boolean hasIds) {
            this.shift = shift;
            this.hasIds = hasIds;
        }

        @Override
        public void visit(Heading heading) {
            heading.setLevel(Math.min(6, heading.getLevel() + shift));
            visitChildren(heading);
        }

        @Override
        public void visit(Image image) {
            visitChildren(image);
            Link link = new Link(image.getDestination(), null);
            link.appendChild(new Text("image: "));
            boolean hasText = image.getFirstChild() != null;
            move(image, link);
            if (!hasText) {
                link.appendChild(new Text(image.getDestination()));
            }
            if (leadsOutside(link.getDestination()) && !(image.getParent() instanceof Link)) {
                image.insertBefore(link);
            } else {
                // A link within a link is none; what leads nowhere keeps its text.
                while (link.getFirstChild() != null) {
                    image.insertBefore(link.getFirstChild());
                }
            }
            image.unlink();
        }

        @Override
        public void visit(Link link) {
            visitChildren(link);
            String to = link.getDestination();
            if (to.startsWith("#") && hasIds) {
                link.setDestination("#" + ID_PREFIX + slug(to.substring(1)));
            } else if (!leadsOutside(to)) {
                while (link.getFirstChild() != null) {
                    link.insertBefore(link.getFirstChild());
                }
                link.unlink();
            }
            link.setTitle(null);
        }

        private static void move(Node from, Node to) {
            while (from.getFirstChild() != null) {
                to.appendChild(from.getFirstChild());
            }
        }

        private static boolean leadsOutside(String destination) {
            int colon = destination.indexOf(':');
            return colon > 0 && OUTSIDE.contains(destination.substring(0, colon).toLowerCase(Locale.ROOT));
        }
    }

    /** Ids from the words of headings, each once. */
    private static final class HeadingIds implements AttributeProvider {

        private final Map<String, Integer> seen = new HashMap<>();

        @Override
        public void setAttributes(Node node, String tag, Map<String, String> attributes) {
            if (node instanceof Heading) {
                String slug = slug(PLAIN.render(node));
                int times = seen.merge(slug, 1, Integer::sum);
                attributes.put("id", ID_PREFIX + (times == 1 ? slug : slug + "-" + times));
            }
        }
    }

    private static String slug(String words) {
        String slug =
                words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return slug.isEmpty() ? "section" : slug.substring(0, Math.min(slug.length(), 60));
    }
}
