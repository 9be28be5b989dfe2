//! Classifies each line of a page.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::arrangement::arrange;
use super::fields::{Field, UNKNOWN};
use super::nesting::Item;
use super::openapi::is_document;
use super::operations::Region;
use super::tables::{Listed, Table};
use super::{End, Fact, MAXIMUM_FACTS, MAXIMUM_LINES, Page, Statement, headings, operations};
use crate::source::Error;
use crate::source::labels::{Heading, Labels, normalize};
use crate::source::page::{Content, Form, Line};
use crate::source::values;

/// The section above the first heading.
pub(super) const INTRODUCTION: &str = "introduction";

/// The maximum length of a text value; longer texts are replaced by a digest.
const LONGEST_VALUE: usize = 120;

/// The state to restore when a component ends.
pub(super) struct Interrupted {
    /// The enclosing section, if the component has a separate one.
    pub(super) section: Option<String>,
    pub(super) field: Option<Field>,
    pub(super) parent: Option<String>,
    /// Whether the component shows what is wrong, or was right before.
    pub(super) is_of_past: bool,
}

pub(super) struct Reader<'a> {
    pub(super) labels: &'a Labels,
    pub(super) lines: Vec<Line>,
    pub(super) form: Form,
    /// The section that each heading starts, by line index.
    pub(super) headings: HashMap<usize, headings::Found>,
    /// Whether the page shows no names of fields.
    pub(super) is_nameless: bool,
    /// The lines of each operation, if the page describes several.
    regions: Vec<Region>,
    pub(super) at: usize,
    /// The operation of the current line, if the page describes several.
    operation: Option<String>,
    pub(super) section: String,
    /// Whether the section is generated from an OpenAPI document.
    pub(super) is_schema: bool,
    /// The index of the first line after a part about what is wrong or out of date.
    pub(super) past: usize,
    pub(super) field: Option<Field>,
    pub(super) table: Option<Table>,
    pub(super) listed: Option<Listed>,
    /// Whether the last line was a heading.
    pub(super) is_begun: bool,
    /// Whether a sample request precedes, with no heading in between.
    pub(super) is_below_sample: bool,
    /// The open components.
    pub(super) components: Vec<Interrupted>,
    /// The field whose nested fields follow, in a form that does not show where they end.
    pub(super) expanded: Option<String>,
    /// The field that encloses the fields of the open component.
    pub(super) parent: Option<String>,
    /// The lines that are, or may be, about the fields around the next line.
    pub(super) items: Vec<Item>,
    /// The field that the current line states.
    pub(super) stated: Option<String>,
    pub(super) notes: Vec<(String, u32)>,
    /// The status of the next sample, and the index of its line.
    pub(super) status: Option<(String, usize)>,
    pub(super) samples: HashMap<String, usize>,
    /// The section and digest of each sample.
    pub(super) sample_ids: HashSet<String>,
    /// Whether the capture is known to be cut off.
    pub(super) is_open: bool,
    /// The index of the line where an unterminated sample starts.
    pub(super) endless: Option<usize>,
    /// How many more bytes may be scanned without result.
    pub(super) budget: usize,
    pub(super) ids: HashSet<String>,
    /// How many values each id has.
    pub(super) counts: HashMap<String, usize>,
    pub(super) page: Page,
    overflow: Option<u32>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lines: Vec<Line>, form: Form, labels: &'a Labels) -> Self {
        let size: usize = lines
            .iter()
            .map(|line| line.text().map_or(0, str::len))
            .sum();
        let lines = match form {
            Form::Text => arrange(lines, labels),
            _ => lines,
        };
        let is_nameless = form == Form::Text && headings::is_nameless(&lines, labels);
        let headings = headings::find(&lines, form, is_nameless, labels);
        Self {
            regions: operations::find(&lines, &headings, form, labels),
            operation: None,
            headings,
            is_nameless,
            labels,
            lines,
            form,
            at: 0,
            section: INTRODUCTION.to_owned(),
            is_schema: false,
            past: 0,
            field: None,
            table: None,
            listed: None,
            is_begun: false,
            is_below_sample: false,
            components: Vec::new(),
            expanded: None,
            parent: None,
            items: Vec::new(),
            stated: None,
            notes: Vec::new(),
            status: None,
            samples: HashMap::new(),
            sample_ids: HashSet::new(),
            is_open: false,
            endless: None,
            budget: size * 4 + 4096,
            ids: HashSet::new(),
            counts: HashMap::new(),
            page: Page {
                form,
                language: None,
                digest: String::new(),
                facts: Vec::new(),
                statements: Vec::new(),
                sections: Vec::new(),
                cut_off: None,
                end: End::default(),
            },
            overflow: None,
        }
    }

    pub(super) fn read(mut self, is_cut_off: bool, last_line: u32) -> Result<Page, Error> {
        self.is_open = is_cut_off;
        self.page.language = headings::language(&self.lines, &self.headings, self.labels);
        while self.at < self.lines.len() {
            let before = self.at;
            self.enter_region();
            self.page.end.whole_facts = self.page.facts.len();
            self.page.end.whole_statements = self.page.statements.len();
            self.page.end.sections[0] = self.stored(&self.section);
            self.line_or_counterexample();
            debug_assert!(self.at > before, "every line is consumed");
            if let Some(line) = self.overflow {
                return Err(Error::TooMuch { line });
            }
        }
        self.finish_values();
        self.finish_field();
        self.page.end.sections[1] = self.stored(&self.section);
        self.is_open |= self.ends_in_url();
        self.page.end.is_certain = !self.is_open && self.has_footer();
        self.page.cut_off = match self.is_open {
            true => Some(last_line),
            false => self.cut_off(),
        };
        self.leave_out_partial();
        Ok(self.page)
    }

    pub(super) fn line(&mut self) {
        if let Some(found) = self.headings.get(&self.at) {
            let found = found.clone();
            let above = self.section.clone();
            self.begin(&found.section, found.is_schema);
            let line = self.lines[self.at].clone();
            if let Content::Heading { text, .. } | Content::Text(text) = line.content {
                if self.is_past_title(&text, false) {
                    self.past = self.end_of_past();
                }
                if !self.status_behind(&text, line.number) && !found.is_known() {
                    self.status_heading(&text, &above, line.number);
                }
            }
            self.at += 1;
            return;
        }
        let Line {
            number, content, ..
        } = self.lines[self.at].clone();
        if !matches!(content, Content::Row { .. }) {
            self.finish_values();
        }
        match content {
            Content::Text(text) => self.item(&text, number),
            Content::Heading { text, .. } => {
                // The title of the page, or a status among the responses.
                self.finish_field();
                self.table = None;
                let section = self.section.clone();
                self.status_heading(&text, &section, number);
                self.at += 1;
            }
            Content::CodeTitle(title) => {
                self.at += 1;
                // An OpenAPI document states its operation itself.
                let code = self.lines.get(self.at).map(|line| &line.content);
                let is_document = matches!(code, Some(Content::Code(text)) if is_document(text));
                // A title such as `Response` says nothing that the place does not.
                let is_errors = |heading: &Heading| heading.section == "errors";
                let meanings = self.labels.heading(&title);
                if !is_document && (meanings.is_empty() || meanings.iter().any(is_errors)) {
                    self.title(&title, number);
                }
            }
            Content::Code(text) => {
                self.at += 1;
                self.code(&text, number);
            }
            Content::Row { cells, is_head } => {
                self.at += 1;
                self.row(&cells, is_head, number);
            }
            Content::Struck(text) => {
                self.at += 1;
                self.keep(&text, number, false);
            }
            Content::Open(component) => {
                self.at += 1;
                self.open(&component, number);
            }
            Content::Close => {
                self.at += 1;
                self.close();
            }
        }
    }

    /// States the enumeration that a table lists, unless it has a single row.
    pub(super) fn finish_values(&mut self) {
        if let Some(Listed {
            name,
            values,
            number,
        }) = self.listed.take()
            && values.len() > 1
        {
            let values: Vec<Value> = values.into_iter().map(Value::from).collect();
            self.state("enum", &name, values.into(), number);
        }
    }

    /// Reads a line of text. The order matters: the most certain readings come first.
    pub(super) fn text(&mut self, text: &str, number: u32) {
        let normalized = normalize(text);
        if self.form == Form::Text && headings::is_expander(text, self.labels) {
            let unread = || self.is_field_at(self.at + 1).then(|| UNKNOWN.to_owned());
            let field = self.field.as_ref().map(|field| field.name.clone());
            self.expanded = field.or_else(unread);
        }
        let is_last = self.at + 1 == self.lines.len();
        let is_boilerplate = self.labels.boilerplate(&normalized).is_some()
            || (is_last && self.labels.begins_boilerplate(&normalized));
        if is_boilerplate && !self.is_type_below() {
            self.at += 1;
            return;
        }
        let is_read = self.breadcrumb(text)
            || self.request_line(text, number)
            || self.command(text)
            || self.json()
            || self.field_label(text)
            || self.field_lines(text)
            || self.table_line(text, number)
            || self.status_line(text, number)
            || self.status_label(text, number)
            || self.response_line(text, number)
            || self.media_type(text, number)
            || self.header_line(text, number)
            || self.index_line(text, number);
        if is_read {
            self.is_begun = false;
            return;
        }
        self.at += 1;
        self.leave_top();
        self.leave_field(text);
        self.prose(text, number);
        self.is_begun = false;
    }

    /// Starts a section.
    pub(super) fn begin(&mut self, section: &str, is_schema: bool) {
        self.finish_values();
        self.finish_field();
        self.status = None;
        self.parent = None;
        self.expanded = None;
        self.items.clear();
        self.table = None;
        section.clone_into(&mut self.section);
        self.is_schema = is_schema;
        self.is_begun = true;
        self.is_below_sample = false;
        self.note_section();
    }

    fn enter_region(&mut self) {
        let mut regions = self.regions.iter();
        let region = regions.find(|region| region.lines.contains(&self.at));
        let operation = region.map(|region| region.name.clone());
        let is_title = region.is_some_and(|region| region.lines.start == self.at);
        if is_title && operation != self.operation && !self.is_heading() {
            self.finish_values();
            self.operation = operation;
            return self.begin(INTRODUCTION, false);
        }
        self.operation = operation;
    }

    /// Qualifies a section with the current operation, if the page describes several.
    pub(super) fn stored(&self, section: &str) -> String {
        match &self.operation {
            Some(operation) => format!("{operation}:{section}"),
            None => section.to_owned(),
        }
    }

    pub(super) fn note_section(&mut self) {
        let section = self.stored(&self.section);
        if !self.page.sections.contains(&section) {
            self.page.sections.push(section);
        }
    }

    /// Ends the samples at the top of the page.
    pub(super) fn leave_top(&mut self) {
        let is_top = matches!(
            self.section.as_str(),
            "operation" | "sample-request" | "sample-response" | "documentation-index"
        );
        if is_top && self.components.iter().all(|each| each.section.is_none()) {
            self.section = INTRODUCTION.to_owned();
            self.finish_field();
        }
    }

    /// Whether the top of the page stated the operation.
    pub(super) fn has_operation(&self) -> bool {
        self.ids.contains("operation/method")
    }

    /// Fills in the value of a fact that has none; returns whether nothing more need be stated.
    pub(super) fn complete(&mut self, kind: &str, name: &str, value: Option<Value>) -> bool {
        let id = format!("{}/{kind}/{name}", self.stored(&self.section));
        let Some(fact) = self.page.facts.iter_mut().find(|fact| fact.id == id) else {
            return false;
        };
        match value {
            Some(value) if fact.value.is_null() => fact.value = value,
            Some(_) => return false,
            None => {}
        }
        true
    }

    /// States a fact, unless the section already states it.
    pub(super) fn state(&mut self, kind: &str, name: &str, value: Value, line: u32) {
        let section = self.section.clone();
        self.state_in(&section, kind, name, value, line);
    }

    pub(super) fn state_in(
        &mut self,
        section: &str,
        kind: &str,
        name: &str,
        value: Value,
        line: u32,
    ) {
        let value = bounded(value);
        let section = &*self.stored(section);
        let id = match name {
            "" => format!("{section}/{kind}"),
            name => format!("{section}/{kind}/{name}"),
        };
        if self.page.facts.len() >= MAXIMUM_FACTS {
            self.overflow.get_or_insert(line);
            return;
        }
        let mut unique = id.clone();
        if self.ids.contains(&id) {
            let is_stated = |fact: &Fact| {
                fact.value == value && (fact.id == id || fact.id.starts_with(&format!("{id}~")))
            };
            if self.page.facts.iter().any(is_stated) {
                return;
            }
            let count = self.counts.entry(id.clone()).or_insert(1);
            while self.ids.contains(&unique) {
                *count += 1;
                unique = format!("{id}~{count}");
            }
        }
        if !self.page.sections.iter().any(|known| known == section) {
            self.page.sections.push(section.to_owned());
        }
        self.ids.insert(unique.clone());
        self.page.facts.push(Fact {
            id: unique,
            value,
            line,
        });
    }

    /// Keeps a line that is not a fact.
    pub(super) fn keep(&mut self, text: &str, line: u32, is_understood: bool) {
        self.note_section();
        if self.page.statements.len() >= MAXIMUM_LINES {
            self.overflow.get_or_insert(line);
            return;
        }
        self.page.statements.push(Statement {
            section: self.stored(&self.section),
            line,
            text: text.to_owned(),
            is_understood,
        });
    }

    /// Whether the current line starts a section.
    pub(super) fn is_heading(&self) -> bool {
        self.headings.contains_key(&self.at)
    }

    /// The level of a line, if it starts a section. In plain text, known headings are below the others.
    pub(super) fn heading_level(&self, index: usize) -> Option<u8> {
        let found = self.headings.get(&index)?;
        Some(match self.lines[index].content {
            Content::Heading { level, .. } => level,
            _ => 1 + u8::from(found.is_known()),
        })
    }

    pub(super) fn text_at(&self, index: usize) -> Option<&str> {
        if self.headings.contains_key(&index) {
            return None;
        }
        self.lines.get(index)?.text()
    }
}

impl Line {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Replaces a long text by its digest: sentences belong to the vendor and are not kept.
fn bounded(value: Value) -> Value {
    match value {
        Value::String(text)
            if text.len() > LONGEST_VALUE || text.split_whitespace().nth(7).is_some() =>
        {
            Value::String(format!("text {}", values::digest(&text)))
        }
        Value::Array(items) => items.into_iter().map(bounded).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(key, value)| (key, bounded(value)))
            .collect(),
        value => value,
    }
}
