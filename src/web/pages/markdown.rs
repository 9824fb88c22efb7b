//! Markdown that strangers wrote, as HTML that can do no harm: no HTML of theirs, no picture, and
//! links to the web or to a mailbox only.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::openbadges::model::legible::is_command;

/// The longest text that is read, in characters; what is longer ends in an ellipsis.
const LONGEST: usize = 8_000;

/// A stranger's text as HTML, ready to stand in a page under headings of the second level.
pub(super) fn to_html(text: &str) -> String {
    rendered(&bounded(text, LONGEST), HeadingLevel::H3)
}

/// The operator's own text, whole, ready to stand in a page under its title.
pub(super) fn page_to_html(text: &str) -> String {
    rendered(&bounded(text, usize::MAX), HeadingLevel::H2)
}

/// Each heading becomes one of that level.
fn rendered(text: &str, heading: HeadingLevel) -> String {
    let mut depth_of_links = 0_u32;
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)
        .filter_map(|event| {
            Some(match event {
                // Whatever looks like HTML is text.
                Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
                // An entity may stand for what the text itself must not hold.
                Event::Text(text) if text.contains(is_obeyed) => {
                    Event::Text(text.replace(is_obeyed, " ").into())
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    let address = web_address(&dest_url)?;
                    depth_of_links += 1;
                    Event::InlineHtml(CowStr::from(format!(
                        "<a href=\"{}\" rel=\"nofollow noopener noreferrer\">",
                        escaped(&address)
                    )))
                }
                Event::End(TagEnd::Link) => {
                    depth_of_links = depth_of_links.checked_sub(1)?;
                    Event::End(TagEnd::Link)
                }
                // Of a picture its description stays: nothing is fetched from anybody.
                Event::Start(Tag::HtmlBlock | Tag::Image { .. })
                | Event::End(TagEnd::HtmlBlock | TagEnd::Image) => return None,
                // The page has headings of its own above these.
                Event::Start(Tag::Heading { .. }) => Event::Start(Tag::Heading {
                    level: heading,
                    id: None,
                    classes: Vec::new(),
                    attrs: Vec::new(),
                }),
                Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(heading)),
                other => other,
            })
        });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page
}

/// The words alone, a space where a paragraph ends.
pub(super) fn to_text(text: &str) -> String {
    let mut words = String::new();
    for event in Parser::new(&bounded(text, LONGEST)) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                words.push_str(&text);
            }
            Event::End(TagEnd::Item) if !words.ends_with(['.', ';', ',', ' ']) => {
                words.push_str("; ");
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => words.push(' '),
            _ => {}
        }
    }
    words.trim().trim_end_matches(';').to_owned()
}

/// An address that may be linked to: of the web, or a mailbox.
pub(super) fn web_address(text: &str) -> Option<String> {
    let url = url::Url::parse(text.trim()).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then(|| url.to_string())
}

/// A text without what is obeyed rather than shown, and not longer than is read.
fn bounded(text: &str, longest: usize) -> String {
    let mut bounded: String = text
        .chars()
        .take(longest)
        .filter(|c| !is_obeyed(*c))
        .collect();
    if text.chars().nth(longest).is_some() {
        bounded.push('…');
    }
    bounded
}

/// Controls and marks that turn the direction of writing; what makes lines stays.
fn is_obeyed(c: char) -> bool {
    is_command(c) && !matches!(c, '\n' | '\t')
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_paper_the_words_stay() {
        let text = to_text("# Be there\n\nFrom *beginning*\nto `end`.\n\n- one\n- two\n");
        assert_eq!(text, "Be there From beginning to end. one; two");
    }

    #[test]
    fn what_people_write_is_shown() {
        let page = to_html("# Six sessions\n\n- be **there**\n- [more](https://a.example/?a&b)");
        assert!(page.contains("<h3>Six sessions</h3>"), "{page}");
        assert!(
            page.contains("<li>be <strong>there</strong></li>"),
            "{page}"
        );
        let link =
            "<a href=\"https://a.example/?a&amp;b\" rel=\"nofollow noopener noreferrer\">more</a>";
        assert!(page.contains(link), "{page}");
    }

    #[test]
    fn nothing_of_it_is_obeyed() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "[x](javascript:alert(1))",
            "[x](JAVA&#83;CRIPT:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "![x](https://tracker.example/p.png)",
            "<div>\n\n[a](vbscript:x)\n</div>",
            "\u{202e}\0\u{1b}[2J",
            "&#x202e;&#27;&#x2066;",
            "</title><svg onload=alert(1)>",
            "[x](https://a.example/\"onmouseover=\"alert(1))",
        ] {
            let page = to_html(hostile);
            for harm in [
                "<script",
                "<img",
                "<svg",
                "<div",
                "javascript:",
                "data:",
                "vbscript:",
            ] {
                assert!(
                    !page.to_lowercase().contains(&format!("href=\"{harm}")),
                    "{page}"
                );
                assert!(!harm.starts_with('<') || !page.contains(harm), "{page}");
            }
            assert!(!page.contains("\"onmouseover"), "{page}");
            assert!(!page.contains(['\0', '\u{1b}', '\u{202e}']), "{page:?}");
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_leaves_its_words() {
        assert_eq!(to_html("[words](javascript:x)"), "<p>words</p>\n");
        assert_eq!(
            to_html("![words](https://a.example/x.png)"),
            "<p>words</p>\n"
        );
    }

    #[test]
    fn the_operators_own_text_is_whole() {
        let text = "a ".repeat(LONGEST);
        assert!(page_to_html(&text).len() >= text.len() - 1);
        assert_eq!(page_to_html("## a"), "<h2>a</h2>\n");
    }

    #[test]
    fn no_text_is_too_long_or_too_deep() {
        let long = to_html(&"a ".repeat(100_000));
        assert!(long.len() < 3 * LONGEST && long.contains('…'));
        for deep in ["> ", "* ", "[", "**", "|a|\n|-|\n"] {
            assert!(to_html(&deep.repeat(100_000)).len() < 2_000_000);
        }
    }
}
