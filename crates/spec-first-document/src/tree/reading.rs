//! Builds the tree from JSON, and from the events of a YAML parser.

use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::de::IgnoredAny;

use crate::{Finding, Pointer, Source};

use super::lines::Lines;
use super::{
    Child, File, FileId, Kind, LINEAR_SEARCH_LIMIT, NO_PARENT, NodeId, Record, Symbol, Tree,
};

/// The maximum nesting of mappings and sequences. Real documents stay far below it, and the limit makes it safe to walk
/// a document recursively.
const MAX_DEPTH: usize = 128;

/// The maximum number of bytes that aliases may add to a document when expanded. Without a limit, a few lines could
/// expand to more than fits in memory.
const MAX_ALIASED: usize = 16 << 20;

/// The size assumed for a value in addition to its text.
const VALUE_SIZE: usize = 16;

/// The maximum file size; the tree stores offsets and counts in 32 bits.
const MAX_BYTES: usize = 1 << 30;

/// The key of a value that is about to be read.
#[derive(Clone, Copy)]
struct Key {
    name: Symbol,
    offset: u32,
    /// Whether it is the merge key `<<`, without quotes.
    merges: bool,
}

/// A mapping or sequence that is being read.
struct Open {
    node: NodeId,
    is_mapping: bool,
    anchor: usize,
    /// The key of the next value.
    key: Option<Key>,
    /// The index of its first child in `Reading::children`.
    start: usize,
    /// The values of `<<` merge keys; keys of the mapping itself take precedence.
    merged: Vec<NodeId>,
    size: Size,
}

/// The size of a value with every alias expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    bytes: usize,
    /// The nesting depth.
    levels: usize,
}

pub(super) struct Reading<'tree> {
    tree: &'tree mut Tree,
    source: Arc<Source>,
    open: Vec<Open>,
    /// The children of the open values, innermost last.
    children: Vec<Child>,
    anchors: FxHashMap<usize, (NodeId, Size)>,
    /// The bytes added by aliases so far.
    aliased: usize,
    root: Option<NodeId>,
}

impl Tree {
    /// Reads a file into the tree.
    ///
    /// # Errors
    /// Returns a finding with line and column if the file is neither YAML nor JSON, is empty, contains a duplicate key
    /// or a number that JSON cannot represent, is nested more than 128 levels deep, exceeds 1 GiB, or grows by more
    /// than 16 MiB when aliases are expanded.
    pub fn read(&mut self, mut source: Source) -> Result<FileId, Finding> {
        // A byte order mark is not part of the document.
        if source.text.starts_with('\u{feff}') {
            source.text.drain(..'\u{feff}'.len_utf8());
        }
        let source = Arc::new(source);
        let lines = Lines::of(&source.text);
        let mut reading = Reading {
            tree: self,
            source: Arc::clone(&source),
            open: Vec::new(),
            children: Vec::new(),
            anchors: FxHashMap::default(),
            aliased: 0,
            root: None,
        };
        if source.text.len() >= MAX_BYTES {
            return Err(reading.problem(0, "the file is larger than 1 GiB"));
        }
        // YAML usually fails this check at its first character.
        if serde_json::from_str::<IgnoredAny>(&source.text).is_ok() {
            reading.read_json(&source.text)?;
        } else {
            reading.read_yaml(&source.text)?;
        }
        let Some(root) = reading.root else {
            return Err(reading.problem(0, "the file is empty"));
        };
        let end = self.next_number();
        self.files.push(File {
            source,
            root,
            end,
            lines,
        });
        Ok(FileId(to_u32(self.files.len() - 1)))
    }

    fn next_number(&self) -> u32 {
        to_u32(self.records.len())
    }

    pub(super) fn next_child(&self) -> u32 {
        to_u32(self.children.len())
    }

    pub(super) fn add(&mut self, kind: Kind, offset: u32) -> NodeId {
        let node = NodeId(self.next_number());
        self.records.push(Record {
            kind,
            parent: NO_PARENT,
            offset,
        });
        node
    }
}

impl Reading<'_> {
    fn read_yaml(&mut self, text: &str) -> Result<(), Finding> {
        // The parser does not recurse, so its own limits are not needed; `MAX_DEPTH` is enforced below.
        let options = granit_parser::options! {
            flow_nesting_limit: usize::MAX,
            block_nesting_limit: usize::MAX,
        };
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.map_err(|error| {
                let offset = error.marker().byte_offset().unwrap_or_default();
                self.problem(to_u32(offset), &error.info())
            })?;
            self.take(event, span)?;
        }
        Ok(())
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Finding> {
        let offset = to_u32(span.start.byte_offset().unwrap_or_default());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text =
                    style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix() == "str");
                self.scalar(&text, is_text, anchor, offset)
            }
            Event::MappingStart(_, anchor, _) => self.begin(true, anchor, offset),
            Event::SequenceStart(_, anchor, _) => self.begin(false, anchor, offset),
            Event::MappingEnd | Event::SequenceEnd => self.end(offset),
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                _ if self.expects_key() => {
                    Err(self.problem(offset, "an alias cannot be used as a key"))
                }
                Some(known) => self.repeat(*known, offset),
                None => Err(self.problem(offset, "this alias refers to a value that contains it")),
            },
            Event::DocumentStart(..) if self.root.is_some() => Err(self.problem(
                offset,
                "a second document starts here, and only one is allowed",
            )),
            _ => Ok(()),
        }
    }

    /// Adds a key or a scalar value. `anchor` is 0 if the value has no anchor.
    pub(super) fn scalar(
        &mut self,
        text: &str,
        is_text: bool,
        anchor: usize,
        offset: u32,
    ) -> Result<(), Finding> {
        if self.expects_key() {
            let key = Key {
                name: self.tree.intern(text),
                offset,
                merges: !is_text && text == "<<",
            };
            if let Some(open) = self.open.last_mut() {
                open.key = Some(key);
            }
            return Ok(());
        }
        let kind = if is_text {
            Kind::String(self.tree.intern(text))
        } else {
            self.plain(text)
                .map_err(|message| self.problem(offset, message))?
        };
        let node = self.tree.add(kind, offset);
        let size = Size {
            bytes: VALUE_SIZE + text.len(),
            levels: 0,
        };
        self.place((node, size), anchor, offset)
    }

    fn expects_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.is_mapping && open.key.is_none())
    }

    pub(super) fn begin(
        &mut self,
        is_mapping: bool,
        anchor: usize,
        offset: u32,
    ) -> Result<(), Finding> {
        if self.expects_key() {
            return Err(self.problem(offset, "a mapping or sequence cannot be used as a key"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(self.problem(
                offset,
                &format!("the document is nested more than {MAX_DEPTH} levels deep"),
            ));
        }
        let kind = if is_mapping {
            Kind::Mapping(0, 0)
        } else {
            Kind::Sequence(0, 0)
        };
        let node = self.tree.add(kind, offset);
        self.open.push(Open {
            node,
            is_mapping,
            anchor,
            key: None,
            start: self.children.len(),
            merged: Vec::new(),
            size: Size {
                bytes: VALUE_SIZE,
                levels: 0,
            },
        });
        Ok(())
    }

    /// Inserts the value that an alias refers to.
    fn repeat(&mut self, known: (NodeId, Size), offset: u32) -> Result<(), Finding> {
        let (_, size) = known;
        if self.open.len() + size.levels > MAX_DEPTH {
            let message =
                format!("this alias makes the document nested more than {MAX_DEPTH} levels deep");
            return Err(self.problem(offset, &message));
        }
        self.aliased = self.aliased.saturating_add(size.bytes);
        if self.aliased > MAX_ALIASED {
            let message = "expanding aliases adds more than 16 MiB to the document";
            return Err(self.problem(offset, message));
        }
        self.place(known, 0, offset)
    }

    pub(super) fn end(&mut self, offset: u32) -> Result<(), Finding> {
        let Some(mut open) = self.open.pop() else {
            return Ok(());
        };
        if open.is_mapping {
            self.merge(&mut open);
            self.check_keys(&open)?;
        }
        let start = self.tree.next_child();
        self.tree.children.extend(self.children.drain(open.start..));
        let length = self.tree.next_child() - start;
        self.tree.records[open.node.0 as usize].kind = if open.is_mapping {
            Kind::Mapping(start, length)
        } else {
            Kind::Sequence(start, length)
        };
        let size = Size {
            levels: open.size.levels + 1,
            ..open.size
        };
        self.place((open.node, size), open.anchor, offset)
    }

    /// Adds a complete value to its parent.
    fn place(
        &mut self,
        (node, size): (NodeId, Size),
        anchor: usize,
        offset: u32,
    ) -> Result<(), Finding> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node, size));
        }
        let Some(open) = self.open.last_mut() else {
            if matches!(self.tree.kind(node), Kind::Null) {
                return Err(self.problem(offset, "the file is empty"));
            }
            self.root = Some(node);
            return Ok(());
        };
        let record = &mut self.tree.records[node.0 as usize];
        if record.parent == NO_PARENT {
            record.parent = open.node.0;
        }
        let key_length = open.key.map_or(0, |key| self.tree.text(key.name).len());
        open.size.bytes = open.size.bytes.saturating_add(size.bytes + key_length);
        open.size.levels = open.size.levels.max(size.levels);
        let (key, key_offset) = match open.key.take() {
            Some(key) if key.merges => {
                open.merged.push(node);
                return Ok(());
            }
            Some(key) => (key.name.0, key.offset),
            None => (
                to_u32(self.children.len() - open.start),
                self.tree.records[node.0 as usize].offset,
            ),
        };
        self.children.push(Child {
            key,
            key_offset,
            value: node,
        });
        Ok(())
    }

    /// Adds the members from `<<`, which is one mapping or a sequence of mappings.
    fn merge(&mut self, open: &mut Open) {
        if open.merged.is_empty() {
            return;
        }
        let own = self.children[open.start..].iter();
        let mut known: FxHashSet<u32> = own.map(|child| child.key).collect();
        for merged in std::mem::take(&mut open.merged) {
            let mappings: Vec<NodeId> = match self.tree.kind(merged) {
                Kind::Sequence(..) => self.tree.items(merged).collect(),
                _ => vec![merged],
            };
            for mapping in mappings {
                for child in self.tree.children(mapping) {
                    if known.insert(child.key) {
                        self.children.push(*child);
                    }
                }
            }
        }
    }

    /// Rejects duplicate keys and indexes the members of a large mapping.
    fn check_keys(&mut self, open: &Open) -> Result<(), Finding> {
        let children = &self.children[open.start..];
        let is_searched = children.len() <= LINEAR_SEARCH_LIMIT;
        let mut places = (0_u32..).zip(children);
        let again = places.find(|(index, child)| {
            if is_searched {
                let before = &children[..*index as usize];
                before.iter().any(|other| other.key == child.key)
            } else {
                let member = (open.node, Symbol(child.key));
                self.tree.members.insert(member, *index).is_some()
            }
        });
        let Some((_, child)) = again else {
            return Ok(());
        };
        let key = self.tree.text(Symbol(child.key));
        let message = format!("duplicate key `{key}`");
        Err(Finding {
            help: "remove or rename one of them; quoting does not make a key different".to_owned(),
            ..self.problem(child.key_offset, &message)
        })
    }

    /// Interprets a plain scalar by the YAML 1.2 core schema.
    fn plain(&mut self, text: &str) -> Result<Kind, &'static str> {
        const NOT_IN_JSON: &str = "JSON cannot represent this number; write a finite number, or quote it if it is a string";
        Ok(match text {
            "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
            "true" | "True" | "TRUE" => Kind::Boolean(true),
            "false" | "False" | "FALSE" => Kind::Boolean(false),
            _ if is_infinite_or_nan(text) => return Err(NOT_IN_JSON),
            _ if looks_like_a_number(text) => match super::read_number(text) {
                Some(_) => Kind::Number(self.tree.intern(text)),
                // A number too large for JSON is an error; anything else, such as a version, is a string.
                None if text.parse::<f64>().is_ok() => return Err(NOT_IN_JSON),
                None => Kind::String(self.tree.intern(text)),
            },
            _ => Kind::String(self.tree.intern(text)),
        })
    }

    pub(super) fn problem(&self, offset: u32, message: &str) -> Finding {
        let position = Lines::of(&self.source.text).position(&self.source.text, offset as usize);
        Finding {
            rule: "syntax",
            source: Arc::clone(&self.source),
            position,
            pointer: Pointer::root(),
            message: message.to_owned(),
            help: "fix the syntax here".to_owned(),
        }
    }
}

/// Whether this is a YAML number that JSON does not have.
fn is_infinite_or_nan(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// Excludes `Infinity` and `nan`, which Rust parses as numbers.
fn looks_like_a_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+', '.']);
    digits.starts_with(|first: char| first.is_ascii_digit())
}

pub(super) fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
