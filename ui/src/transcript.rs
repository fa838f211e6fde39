//! What was said, as a file that a person keeps: plain text, or a page that any browser shows.

use crate::browser::document;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// What was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// What the page is called.
    pub title: String,
    /// The language of what the document itself says.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// Oldest first.
    pub lines: Vec<Line>,
}

/// One line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A new day begins.
    Day,
    /// What happened besides messages.
    Notice(String),
    /// A message.
    Said {
        /// Who, as the text file has it: a name that may run the other way is set apart.
        author: String,
        /// When, in words.
        at: String,
        /// The same for programs.
        machine_readable_at: String,
        /// What it answers.
        quote: Option<String>,
        /// What.
        text: String,
    },
}

/// How it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A text file.
    Text,
    /// A page of its own, without anything that runs or is fetched.
    Page,
}

/// What stands around the lines of a page. Should a line ever be more than text, nothing of it runs.
const HEAD: &str = "<meta charset=\"utf-8\">\
    <meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
    <meta name=\"viewport\" content=\"width=device-width\">\
    <style>:root{color-scheme:light dark}body{max-width:40rem;margin:2rem auto;padding:0 1rem;\
    font:1rem/1.5 system-ui,sans-serif}p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}\
    article,.notice{margin-block:.75rem}.notice{text-align:center;opacity:.8}time{margin-inline-start:.5rem;\
    opacity:.8;font-size:.875rem}</style>";

/// Saves it as a file. A browser that refuses downloads shows so itself.
pub fn save(transcript: &Transcript, format: Format) {
    let _ = match format {
        Format::Text => download("chat.txt", &transcript.text()),
        Format::Page => download("chat.html", &transcript.page()),
    };
}

impl Transcript {
    /// A line for each message and notice, and a blank one before each day.
    fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let line = match line {
                Line::Day => "\n".to_owned(),
                Line::Notice(notice) => ["* ", notice, "\n"].concat(),
                Line::Said {
                    author,
                    at,
                    quote,
                    text: said,
                    ..
                } => {
                    let quote = quote.as_deref().map(|quote| ["\n> ", quote, "\n"].concat());
                    let quote = quote.unwrap_or_else(|| " ".to_owned());
                    ["[", at, "] ", author, ":", &quote, said, "\n"].concat()
                }
            };
            text.push_str(&line);
        }
        text
    }

    fn page(&self) -> String {
        let title = escaped(&self.title);
        let mut page = [
            "<!doctype html><html lang=\"",
            &escaped(&self.language),
            "\" dir=\"",
            self.direction,
            "\"><head>",
            HEAD,
            "<title>",
            &title,
            "</title></head><body><main><h1 dir=\"auto\">",
            &title,
            "</h1>\n",
        ]
        .concat();
        for line in &self.lines {
            page.push_str(&line.html());
        }
        page.push_str("</main></body></html>\n");
        page
    }
}

impl Line {
    fn html(&self) -> String {
        match self {
            Self::Day => "<hr>\n".to_owned(),
            Self::Notice(notice) => ["<p class=\"notice\" dir=\"auto\">", &escaped(notice), "</p>\n"].concat(),
            Self::Said {
                author,
                at,
                machine_readable_at,
                quote,
                text,
            } => {
                let quote = quote.as_deref().map(|quote| {
                    let quote = escaped(quote);
                    ["<blockquote dir=\"auto\">", &quote, "</blockquote>"].concat()
                });
                [
                    "<article><b dir=\"auto\">",
                    &escaped(author),
                    "</b><time datetime=\"",
                    &escaped(machine_readable_at),
                    "\">",
                    &escaped(at),
                    "</time>",
                    &quote.unwrap_or_default(),
                    "<p dir=\"auto\">",
                    &escaped(text),
                    "</p></article>\n",
                ]
                .concat()
            }
        }
    }
}

/// A text as HTML shows it, between tags or within quotation marks.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
    html
}

/// The name says what kind of file it is.
fn download(name: &str, content: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(content));
    let address = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&parts)?)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address)
}

#[cfg(test)]
mod tests {
    use super::{Line, Transcript};

    fn transcript(text: &str) -> Transcript {
        Transcript {
            title: "Tents & more".to_owned(),
            language: "en".to_owned(),
            direction: "ltr",
            lines: vec![
                Line::Day,
                Line::Said {
                    author: "You".to_owned(),
                    at: "12:00".to_owned(),
                    machine_readable_at: "2026-05-28T12:00:00Z".to_owned(),
                    quote: None,
                    text: text.to_owned(),
                },
                Line::Notice("Ada joined the chat".to_owned()),
            ],
        }
    }

    #[test]
    fn a_text_file_has_a_line_for_each() {
        assert_eq!(
            transcript("Hello").text(),
            "\n[12:00] You: Hello\n* Ada joined the chat\n"
        );
    }

    #[test]
    fn what_a_message_answers_stands_over_it() {
        let mut transcript = transcript("Yes");
        if let Line::Said { quote, .. } = &mut transcript.lines[1] {
            *quote = Some("Is it <here>?".to_owned());
        }
        assert!(transcript.text().contains("[12:00] You:\n> Is it <here>?\nYes\n"));
        let page = transcript.page();
        let quoted = "<blockquote dir=\"auto\">Is it &lt;here&gt;?</blockquote><p dir=\"auto\">Yes</p>";
        assert!(page.contains(quoted), "{page}");
    }

    #[test]
    fn nothing_that_was_said_is_markup_in_a_page() {
        let page = transcript("<script>x()</script>\n\"a\" & 'b'").page();
        assert!(page.starts_with("<!doctype html><html lang=\"en\" dir=\"ltr\"><head><meta charset"));
        assert!(page.contains("<h1 dir=\"auto\">Tents &amp; more</h1>"), "{page}");
        let said = "<p dir=\"auto\">&lt;script&gt;x()&lt;/script&gt;\n&quot;a&quot; &amp; &#39;b&#39;</p>";
        assert!(page.contains(said) && !page.contains("<script"), "{page}");
        assert!(page.contains("<p class=\"notice\" dir=\"auto\">Ada joined the chat</p>"));
        assert!(page.contains("<time datetime=\"2026-05-28T12:00:00Z\">12:00</time>"));
    }
}
