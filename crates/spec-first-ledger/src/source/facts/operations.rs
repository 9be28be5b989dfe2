//! Pages that describe several operations.

use std::collections::HashMap;
use std::ops::Range;

use super::headings::{Found, level, may_be_heading, slug};
use super::samples::request;
use crate::source::labels::Labels;
use crate::source::page::{Content, Form, Line};
use crate::source::values::path_template;

/// The maximum number of operations on a page.
const MAXIMUM: usize = 200;

/// The lines about one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) lines: Range<usize>,
    /// The qualifier of its sections, such as `get-v1-pets`.
    pub(super) name: String,
}

/// Finds the lines about each operation, if the page states several, each below a separate heading.
pub(super) fn find(
    lines: &[Line],
    headings: &HashMap<usize, Found>,
    form: Form,
    labels: &Labels,
) -> Vec<Region> {
    let mut starts: Vec<(usize, u8, String)> = Vec::new();
    let mut from = 0;
    for (index, line) in lines.iter().enumerate() {
        let text = match &line.content {
            Content::Text(text) | Content::Heading { text, .. } => text,
            Content::Code(text) => text.trim_start().lines().next().unwrap_or_default(),
            _ => continue,
        };
        let Some((method, target)) = request(labels.request(text.trim())) else {
            continue;
        };
        let path = path_template(target).replace("{}", "id");
        let name = slug(&format!("{method} {path}"));
        // The last of the highest-ranking headings since the previous operation.
        let own =
            (from..=index).filter(|at| headings.get(at).is_some_and(|found| !found.is_known()));
        let own = own.min_by_key(|at| (level(&lines[*at]), index - at));
        // In plain text, a title directly above it is as good.
        let title = index.checked_sub(1).filter(|above| {
            form == Form::Text && !headings.contains_key(above) && may_be_heading(lines, *above)
        });
        let Some(start) = own.or(title) else {
            match starts.last() {
                // The request line repeats an operation, or mentions another one in passing.
                Some(_) => {
                    from = index + 1;
                    continue;
                }
                None => return Vec::new(),
            }
        };
        from = index + 1;
        if starts.last().is_none_or(|(_, _, last)| *last != name) {
            starts.push((start, level(&lines[start]), name));
        }
    }
    let is_once = |name: &String| starts.iter().filter(|(_, _, other)| other == name).count() == 1;
    if !(2..=MAXIMUM).contains(&starts.len()) || !starts.iter().all(|(_, _, name)| is_once(name)) {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).map(|(start, ..)| *start);
    let ends = ends.chain([lines.len()]);
    let regions = starts.iter().zip(ends).map(|((start, depth, name), end)| {
        // A heading of the same or a higher rank ends the operation.
        let is_other =
            |at: &usize| *depth > 0 && headings.contains_key(at) && level(&lines[*at]) <= *depth;
        let end = (start + 1..end).find(is_other).unwrap_or(end);
        Region {
            lines: *start..end,
            name: name.clone(),
        }
    });
    regions.collect()
}
