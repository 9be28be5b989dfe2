//! Reads rows of JSON Lines: one object per line. Skips empty lines.

use std::fmt;
use std::io::{BufRead, Read};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{End, Item, ROW_LIMIT, item, not_utf8, too_long};
use crate::integration::apply::field::Field;
use crate::integration::apply::row::{Place, Problem, Row};

pub(in crate::integration::apply) struct Rows<R> {
    input: R,
    text: Vec<u8>,
    line: u64,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn open(input: R) -> Self {
        Self {
            input,
            text: Vec::new(),
            line: 0,
        }
    }

    pub(super) fn next(&mut self) -> Result<Option<Item>, End> {
        loop {
            self.text.clear();
            self.line += 1;
            let mut limited = (&mut self.input).take(ROW_LIMIT + 1);
            let length = limited.read_until(b'\n', &mut self.text);
            if length.map_err(End::System)? == 0 {
                return Ok(None);
            }
            if self.text.len() as u64 > ROW_LIMIT && !self.text.ends_with(b"\n") {
                self.input.skip_until(b'\n').map_err(End::System)?;
                return Ok(Some(self.bad(1, too_long())));
            }
            if !self.text.trim_ascii().is_empty() {
                return Ok(Some(self.read()));
            }
        }
    }

    fn read(&self) -> Item {
        let text = match str::from_utf8(&self.text) {
            Ok(text) => text,
            Err(error) => {
                let before = String::from_utf8_lossy(&self.text[..error.valid_up_to()]);
                return self.bad(before.chars().count() + 1, not_utf8(&self.text));
            }
        };
        if text.starts_with('\u{feff}') {
            return self.bad(1, "the line begins with a byte order mark (U+FEFF), as where two files were joined; remove it");
        }
        let members = match serde_json::from_str::<Members>(text) {
            Ok(Members(members)) => members,
            Err(_) if text.trim_start().starts_with('[') => {
                return self.bad(
                    1,
                    "this is an array; write an object in each line, as in `jq -c '.[]' FILE`",
                );
            }
            Err(error) => {
                // serde_json counts columns in bytes.
                let column = column_at(text, error.column().saturating_sub(1));
                return self.bad(column, describe(&error));
            }
        };
        let mut row = Row::new(self.place(1));
        let mut problems = Vec::new();
        for (name, value) in members {
            let offset = value.get().as_ptr() as usize - text.as_ptr() as usize;
            let place = self.place(column_at(text, offset));
            problems.extend(set(&mut row, &name, value.get(), place).err());
        }
        item(row, problems)
    }

    fn bad(&self, column: usize, reason: impl Into<String>) -> Item {
        Err(vec![Problem::new(self.place(column), reason)])
    }

    fn place(&self, column: usize) -> Place {
        Place {
            line: self.line,
            column: column as u64,
        }
    }
}

fn set(row: &mut Row, name: &str, value: &str, place: Place) -> Result<(), Problem> {
    let field = Field::parse(name).map_err(|reason| Problem::new(place, reason))?;
    if value == "null" {
        return Ok(());
    }
    let text = serde_json::from_str(value).map_err(|_| {
        Problem::new(
            place,
            format!("`{}` is not text; put it in quotes", field.name()),
        )
    })?;
    row.set(field, text, place)
}

/// The 1-based column of the character at byte `offset`.
fn column_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| byte & 0xC0 != 0x80).count() + 1
}

/// Describes a serde_json error without quoting values from the text.
fn describe(error: &serde_json::Error) -> &'static str {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => "the JSON ends too early",
        Category::Data => "this is not an object with fields",
        Category::Syntax | Category::Io => "this is not JSON",
    }
}

/// The members of an object in order, including duplicates.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(Field::COUNT);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}
