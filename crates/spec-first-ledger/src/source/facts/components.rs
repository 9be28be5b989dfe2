//! Components: fields, notes, sections and titles.

use super::fields::UNKNOWN;
use super::reader::{Interrupted, Reader};
use crate::source::labels::normalize;
use crate::source::page::{Component, Content};

/// In place of the status of a sample that is of a failure.
const FAILURE: &str = "error";

impl Reader<'_> {
    pub(super) fn open(&mut self, component: &Component, number: u32) {
        let labels = self.labels;
        let layout = &labels.layout;
        let mut interrupted = Interrupted {
            section: None,
            field: self.field.clone(),
            parent: self.parent.clone(),
            is_of_past: self.components.last().is_some_and(|each| each.is_of_past)
                || component
                    .attributes
                    .get("title")
                    .is_some_and(|title| self.is_past_title(title, true)),
        };
        let mut section = layout.sections.get(&component.name);
        if layout.field_components.contains(&component.name) {
            self.field_component(component, number);
        } else if layout.nesting_components.contains(&component.name) {
            let field = self.field.as_ref().map(|field| field.name.clone());
            self.parent = Some(field.unwrap_or_else(|| UNKNOWN.to_owned()));
        } else if let Some(mark) = layout.notes.get(&component.name) {
            self.notes.push((mark.clone(), number));
            if let Some(title) = component.attributes.get("title") {
                self.keep(title, number, false);
            }
        } else if let Some(title) = component
            .attributes
            .get("title")
            .filter(|_| section.is_none())
        {
            let is_heading = layout.titled_components.contains(&component.name);
            let headings = labels.heading(title).iter().filter(|_| is_heading);
            let mut headings = headings;
            let known = headings.find(|each| !each.is_schema);
            section = known.map(|heading| &heading.section);
            if section.is_none() {
                self.title(title, number);
            }
        } else if section.is_none()
            && matches!(self.lines.get(self.at), Some(line) if line.content == Content::Close)
        {
            // An empty component, such as a snippet, includes another file, which is not available.
            self.keep(&component.to_string(), number, false);
        }
        if let Some(section) = section {
            interrupted.section = Some(std::mem::replace(&mut self.section, section.clone()));
            self.note_section();
            self.finish_field();
            self.table = None;
        }
        // The format does not limit nesting.
        if self.components.len() < 1000 {
            self.components.push(interrupted);
        }
    }

    /// Reads a title that does not start a section.
    pub(super) fn title(&mut self, text: &str, number: u32) {
        if self.status_title(text, number) || self.labels.boilerplate(&normalize(text)).is_some() {
            return;
        }
        let page = self.page.language.as_deref();
        if self
            .labels
            .has_any(&normalize(text), page, |language| &language.failures)
        {
            self.is_above(FAILURE);
        }
        self.keep(text, number, false);
    }

    pub(super) fn close(&mut self) {
        if let Some(interrupted) = self.components.pop() {
            self.field = interrupted.field;
            self.parent = interrupted.parent;
            if let Some(section) = interrupted.section {
                self.section = section;
                self.table = None;
            }
        }
        self.notes.truncate(self.components.len());
        if self.components.is_empty() {
            self.notes.clear();
        }
    }

    /// Takes the mark of the enclosing note; each note counts once.
    pub(super) fn take_note(&mut self) -> Option<String> {
        Some(self.notes.pop()?.0)
    }
}
