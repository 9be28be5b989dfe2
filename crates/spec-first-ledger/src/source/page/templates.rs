//! What documentation systems add to Markdown besides components: the tags of GitBook, such as `{% tab title="200" %}`, and the blocks
//! of ReadMe, which are JSON.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use spec_first_document::{Document, Node};

use super::components::{attributes, capitalized};
use super::markdown::{Reader, number};
use super::{Component, Content};
use crate::source::labels::Layout;

/// The maximum number of columns of a table.
const COLUMNS: usize = 50;

/// A tag such as `{% hint style="info" %}`.
#[derive(Debug, PartialEq, Eq)]
struct Template {
    name: String,
    attributes: BTreeMap<String, String>,
}

/// Parses the tag at the start of a text; returns it with its length in bytes.
fn template(text: &str) -> Option<(Template, usize)> {
    let within = text.strip_prefix("{%")?;
    let end = within.split("{%").next()?.find("%}")?;
    let tag = within[..end].trim_matches([' ', '-']);
    let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let is_name = |name: &str| {
        name.chars()
            .all(|part| part.is_ascii_alphanumeric() || "-_".contains(part))
    };
    let found = Template {
        name: Some(name)
            .filter(|name| !name.is_empty() && is_name(name))?
            .to_owned(),
        attributes: attributes(rest),
    };
    Some((found, end + 4))
}

/// The names of the tags that a text ends with tags such as `{% endhint %}`.
pub(super) fn ended(text: &str) -> HashSet<&str> {
    let tags = text.split("{% end").skip(1);
    let names = tags.filter_map(|tag| tag.split(" %}").next());
    names.filter(|name| name.len() < 40).collect()
}

impl Template {
    /// The component that the tag is read like: the layout names it, or the attribute that does.
    fn component(self, layout: &Layout) -> Component {
        let Self {
            name,
            mut attributes,
        } = self;
        let known = layout.templates.get(&name).cloned().unwrap_or(name);
        let name = match known.strip_prefix('=') {
            Some(attribute) => capitalized(&attributes.remove(attribute).unwrap_or_default()),
            None => known,
        };
        if let Some(status) = attributes.remove("status") {
            attributes.entry("title".to_owned()).or_insert(status);
        }
        Component { name, attributes }
    }

    /// The name of the tag that this one ends, unless it is a word such as `endpoint`.
    fn ends(&self) -> Option<&str> {
        self.name.strip_prefix("end")
    }

    /// The operation that the tag describes, and its title.
    fn operation(&self) -> Option<(&str, String)> {
        let of = |name: &str| self.attributes.get(name).map_or("", String::as_str);
        let (method, base) = (
            of("method").to_uppercase(),
            of("baseUrl").trim_end_matches('/'),
        );
        let path = of("path").trim();
        let is_joined = base.is_empty() || path.is_empty() || path.starts_with('/');
        let slash = if is_joined { "" } else { "/" };
        let request = format!("{method} {base}{slash}{path}");
        let is_one = !method.is_empty() && request.len() > method.len() + 1;
        is_one.then_some((of("summary"), request))
    }
}

/// What a block of ReadMe shows, each with its line within the block.
#[derive(Debug, PartialEq, Eq)]
enum Block {
    /// Lines of Markdown.
    Markdown(Vec<(u64, String)>),
    Contents(Vec<(u64, Content)>),
    Note(Component, u64, String),
}

/// Parses a block of a kind that is known.
fn block(kind: &str, json: &str) -> Option<Block> {
    let document = Document::parse("block", json).ok()?;
    let root = document.root();
    let line = |node: Node<'_>| node.position().line;
    match kind {
        "parameters" => Some(Block::Markdown(table(root.get("data")?)?)),
        "code" => {
            let mut contents = Vec::new();
            for sample in root.items_of("codes") {
                let code = sample.get("code")?;
                let title = sample
                    .get("name")
                    .and_then(Node::as_str)
                    .unwrap_or_default();
                if !title.is_empty() {
                    contents.push((line(code), Content::CodeTitle(title.to_owned())));
                }
                contents.push((line(code), Content::Code(code.as_str()?.to_owned())));
            }
            Some(Block::Contents(contents))
        }
        "api-header" => {
            let title = root.get("title")?;
            let heading = Content::Heading {
                level: 2,
                text: title.as_str()?.to_owned(),
                is_schema: false,
            };
            Some(Block::Contents(vec![(line(title), heading)]))
        }
        "callout" => {
            let of = |name: &str| root.get(name).and_then(Node::as_str);
            let title = of("title").filter(|title| !title.is_empty());
            let component = Component {
                name: capitalized(of("type")?),
                attributes: title
                    .map(|title| ("title".to_owned(), title.to_owned()))
                    .into_iter()
                    .collect(),
            };
            Some(Block::Note(
                component,
                line(root.get("body")?),
                of("body")?.to_owned(),
            ))
        }
        _ => None,
    }
}

/// The rows of a table, whose cells have keys such as `h-0` and `1-0`.
fn table(data: Node<'_>) -> Option<Vec<(u64, String)>> {
    let mut rows: BTreeMap<usize, (u64, BTreeMap<usize, String>)> = BTreeMap::new();
    for entry in data.entries() {
        let (row, column) = entry.key.split_once('-')?;
        let row = match row {
            "h" => 0,
            row => row.parse::<usize>().ok()?.checked_add(1)?,
        };
        let column = column.parse().ok().filter(|column| *column < COLUMNS)?;
        let cell = entry
            .value
            .as_str()?
            .replace("\r\n", "\n")
            .replace(['\r', '\n'], "<br>")
            .replace('|', "\\|");
        let (_, cells) = rows
            .entry(row)
            .or_insert_with(|| (entry.key_position().line, BTreeMap::new()));
        cells.insert(column, cell);
    }
    let width =
        |cells: &BTreeMap<usize, String>| cells.keys().next_back().map_or(0, |last| last + 1);
    let columns = rows.values().map(|(_, cells)| width(cells)).max()?;
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for (index, (line, cells)) in rows.into_values().enumerate() {
        let mut text = "|".to_owned();
        // Cells that are missing at the end of a row need not be written, except for the head.
        let count = if index == 0 { columns } else { width(&cells) };
        for column in 0..count {
            let cell = cells.get(&column).map_or("", String::as_str);
            write!(text, " {cell} |").expect("a text takes everything");
        }
        lines.push((line, text));
        if index == 0 {
            lines.push((line, format!("|{}", " - |".repeat(columns))));
        }
    }
    Some(lines)
}

impl<'a> Reader<'a> {
    /// Reads a line that starts with template tags; returns whether it could.
    pub(super) fn templates(&mut self, line: &str, at: usize) -> bool {
        let is_known = |found: &Template| {
            let is_ended = |name| self.ended.contains(name);
            found.ends().is_some_and(is_ended)
                || is_ended(&found.name)
                || found.operation().is_some()
        };
        if !template(line).is_some_and(|(found, _)| is_known(&found)) {
            return false;
        }
        self.finish_segment();
        let number = number(at);
        let mut rest = line;
        while !rest.is_empty() {
            let Some((found, length)) = template(rest) else {
                // What looks like a tag may not be one.
                let skipped = rest.len() - rest.trim_start_matches("{%").len();
                let end = rest[skipped..].find("{%");
                let end = end.map_or(rest.len(), |end| skipped + end);
                self.markdown(&[(number, &rest[..end])]);
                rest = rest[end..].trim_start();
                continue;
            };
            rest = rest[length..].trim_start();
            if let Some((title, request)) = found.operation() {
                // Any heading of the page ranks higher.
                if !title.is_empty() {
                    let (level, text) = (6, title.to_owned());
                    let is_schema = false;
                    self.push(
                        number,
                        Content::Heading {
                            level,
                            text,
                            is_schema,
                        },
                    );
                }
                self.push(number, Content::Text(request));
            }
            if found.ends().is_some_and(|name| self.ended.contains(name)) {
                self.push(number, Content::Close);
            } else if self.ended.contains(&*found.name) {
                let mut component = found.component(self.layout);
                let description = component.attributes.remove("description");
                self.push(number, Content::Open(component));
                if let Some(description) = description {
                    self.markdown(&[(number, &description)]);
                }
            }
        }
        true
    }

    /// Reads the block that starts in the line at `at`; returns the number of lines consumed.
    pub(super) fn block(&mut self, source: &[&'a str], at: usize) -> Option<usize> {
        let kind = source[at]
            .trim()
            .strip_prefix("[block:")?
            .strip_suffix(']')?;
        let mut count = 1;
        while source.get(at + count)?.trim() != "[/block]" {
            self.budget = self.budget.checked_sub(1)?;
            count += 1;
        }
        let json = source[at + 1..at + count].join("\n");
        let block = block(kind, &json)?;
        self.finish_segment();
        // Lines within the block are counted from 1.
        let line = |line: u64| number(at + usize::try_from(line).unwrap_or_default());
        match block {
            Block::Markdown(lines) => {
                let lines = lines
                    .iter()
                    .map(|(number, text)| (line(*number), text.as_str()));
                self.markdown(&lines.collect::<Vec<_>>());
            }
            Block::Contents(contents) => {
                for (number, content) in contents {
                    self.push(line(number), content);
                }
            }
            Block::Note(component, number, text) => {
                self.push(line(number), Content::Open(component));
                let lines = text.lines().map(|text| (line(number), text));
                self.markdown(&lines.collect::<Vec<_>>());
                self.push(line(number), Content::Close);
            }
        }
        Some(count + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_as_large_as_its_cells() {
        let rows = (0..1000).map(|row| format!("\"{row}-0\": \"a\""));
        let rows = rows.collect::<Vec<_>>().join(", ");
        let json = format!("{{\"h-0\": \"A\", \"0-49\": \"b\", {rows}}}");
        let document = Document::parse("block", &json).unwrap();
        let lines = table(document.root()).unwrap();
        let size: usize = lines.iter().map(|(_, text)| text.len()).sum();
        assert!(size < json.len(), "{size}");
        // The head is as wide as the widest row.
        assert_eq!(lines[0].1.matches('|').count(), 51);
    }
}
