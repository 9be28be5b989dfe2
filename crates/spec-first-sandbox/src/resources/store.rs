//! Keeps the resources in memory.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};
use spec_first_document::{Content, Document, Entry, Finding, Node};

use crate::{InputFile, contract::redaction::Redaction};

use super::{filling::text_of, plan::encode, resource::Resource};

/// The most resources that are kept.
const LIMIT: usize = 100_000;

/// Members by which APIs find a resource beside its identifier.
const NAMES: [&str; 3] = ["name", "slug", "key"];

/// Members of the state that are not collections.
const BESIDE: [&str; 6] = ["total", "next", "note", "version", "stateful", "deliveries"];

/// The collections by path.
#[derive(Debug, Default)]
pub(super) struct Store {
    collections: BTreeMap<String, Collection>,
    /// The resources that were deleted; what is below them went with them.
    deleted: HashSet<String>,
    /// Whether what is not here is empty, rather than full of examples.
    is_replaced: bool,
    /// The number of resources created so far.
    created: u64,
}

/// The resources of a collection by their identifier, in the order in which they were created.
#[derive(Debug, Default)]
pub(super) struct Collection {
    pub(super) entries: IndexMap<String, Map<String, Value>>,
    /// The last number given to a resource as its identifier.
    pub(super) last: u64,
    /// The resources that are as the document shows them. They give way to what a client creates: the first request that most
    /// people send is the example.
    shown: HashSet<String>,
}

type Entries = Vec<(String, Map<String, Value>)>;

impl Store {
    /// A collection that changes, with these resources if it did not change before.
    pub(super) fn collection(
        &mut self,
        path: &str,
        seeds: impl FnOnce() -> Entries,
    ) -> &mut Collection {
        let is_replaced = self.is_replaced;
        let collection = self.collections.entry(path.to_owned());
        collection.or_insert_with(|| match is_replaced {
            true => Collection::default(),
            false => Collection::of(seeds()),
        })
    }

    pub(super) fn list(
        &self,
        path: &str,
        seeds: impl FnOnce() -> Entries,
    ) -> Vec<Map<String, Value>> {
        match self.collections.get(path) {
            Some(collection) => collection.entries.values().cloned().collect(),
            None if self.is_replaced => Vec::new(),
            None => Collection::of(seeds()).entries.into_values().collect(),
        }
    }

    pub(super) fn find(
        &self,
        path: &str,
        key: &str,
        seeds: impl FnOnce() -> Entries,
    ) -> Option<Map<String, Value>> {
        match self.collections.get(path) {
            Some(collection) => collection.entries.get(key).cloned(),
            None if self.is_replaced => None,
            None => Collection::of(seeds()).entries.swap_remove(key),
        }
    }

    /// The resource with this name, and its key.
    pub(super) fn named(
        &self,
        path: &str,
        name: &str,
        seeds: impl FnOnce() -> Entries,
    ) -> Option<(String, Map<String, Value>)> {
        let seeded;
        let collection = match self.collections.get(path) {
            None if self.is_replaced => return None,
            None => {
                seeded = Collection::of(seeds());
                &seeded
            }
            Some(collection) => collection,
        };
        let mut entries = collection.entries.iter();
        let found = entries.find(|(_, resource)| {
            let mut names = NAMES.iter().filter_map(|member| resource.get(*member));
            names.any(|known| known == name)
        });
        found.map(|(key, resource)| (key.clone(), resource.clone()))
    }

    /// Keeps a resource in a collection that changes.
    pub(super) fn insert(&mut self, path: &str, key: &str, resource: Map<String, Value>) {
        self.deleted.remove(&format!("{path}/{}", encode(key)));
        let collection = self.collections.entry(path.to_owned()).or_default();
        collection.shown.remove(key);
        collection.count(key);
        collection.entries.insert(key.to_owned(), resource);
    }

    /// The number of the next resource.
    pub(super) fn next_number(&mut self) -> u64 {
        self.created += 1;
        self.created
    }

    /// Whether there is room for more resources.
    pub(super) fn has_room_for(&self, more: usize) -> bool {
        let collections = self.collections.values();
        let len: usize = collections.map(|collection| collection.entries.len()).sum();
        len + more <= LIMIT
    }

    /// Whether nobody replaced the state or deleted the resource.
    pub(super) fn is_untouched(&self, path: &str, key: &str) -> bool {
        !self.is_replaced && !self.deleted.contains(&format!("{path}/{}", encode(key)))
    }

    /// Removes a resource and everything below it.
    pub(super) fn delete(&mut self, collection: &str, key: &str) {
        if let Some(collection) = self.collections.get_mut(collection) {
            collection.entries.shift_remove(key);
        }
        let path = format!("{collection}/{}", encode(key));
        let below = format!("{path}/");
        self.collections.retain(|path, _| !path.starts_with(&below));
        self.deleted.insert(path);
    }

    /// Whether a resource that this path is below was deleted.
    pub(super) fn is_below_deleted(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(index, _)| index);
        ends.chain([path.len()])
            .any(|end| self.deleted.contains(&path[..end]))
    }

    /// The entries after `after`, at most `limit` of them, by collection; the key of the last one, if there are more; and the
    /// number of all entries.
    pub(super) fn shown(
        &self,
        after: Option<&str>,
        limit: usize,
        redaction: &Redaction,
    ) -> Map<String, Value> {
        let mut entries: Vec<(String, &str, &str, &Map<String, Value>)> = Vec::new();
        for (path, collection) in &self.collections {
            for (key, resource) in &collection.entries {
                entries.push((format!("{path}/{key}"), path, key, resource));
            }
        }
        entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let mut shown = Map::new();
        shown.insert("total".to_owned(), entries.len().into());
        entries.retain(|entry| after.is_none_or(|after| entry.0.as_str() > after));
        let next = entries
            .get(limit)
            .and_then(|_| entries.get(limit.checked_sub(1)?));
        shown.insert("next".to_owned(), next.map(|entry| entry.0.as_str()).into());
        for (_, path, key, resource) in entries.into_iter().take(limit) {
            let mut resource = Value::Object(resource.clone());
            redaction.redact(&mut resource);
            let collection = shown.entry(path).or_insert_with(|| Map::new().into());
            collection[key] = resource;
        }
        shown
    }

    /// Parses what [`Store::shown`] shows: collections by path, with their resources by identifier or as a list.
    pub(super) fn parse(text: &str, resources: &[Resource]) -> Result<Self, Finding> {
        let document = Document::parse("body", text)?;
        let reader = InputFile {
            document: &document,
            rule: "state",
        };
        let mut store = Self {
            is_replaced: true,
            ..Self::default()
        };
        for entry in reader.mapping(document.root(), "a state")? {
            if BESIDE.contains(&entry.key) {
                continue;
            }
            let mut known = resources.iter();
            let resource = known.find(|resource| resource.has_collection(entry.key));
            let resource = resource.ok_or_else(|| unknown(&reader, entry, resources))?;
            let collection = store.collections.entry(entry.key.to_owned()).or_default();
            match entry.value.content() {
                Content::Sequence(items) => {
                    for item in items {
                        let object = object(&reader, item)?;
                        let id = resource.id.as_ref().and_then(|id| object.get(id));
                        let id = id.and_then(text_of).ok_or_else(|| {
                            reader.problem(
                                item.position(),
                                "this resource has no identifier",
                                "give it one, or write the collection as a mapping from identifiers to resources",
                            )
                        })?;
                        collection.merge(id, object);
                    }
                }
                _ => {
                    for entry in reader.mapping(entry.value, "a collection")? {
                        collection.merge(entry.key.to_owned(), object(&reader, entry.value)?);
                    }
                }
            }
        }
        Ok(store)
    }
}

impl Collection {
    fn of(entries: Entries) -> Self {
        let mut collection = Self::default();
        for (key, resource) in entries {
            collection.merge(key, resource);
        }
        collection.shown = collection.entries.keys().cloned().collect();
        collection
    }

    /// Whether a client cannot create a resource with this identifier.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key) && !self.shown.contains(key)
    }

    /// Adds a resource, or the members of one that is here already.
    fn merge(&mut self, key: String, resource: Map<String, Value>) {
        self.count(&key);
        self.entries.entry(key).or_default().extend(resource);
    }

    /// New identifiers count from the highest one; numbers like those of accounts are left alone.
    fn count(&mut self, key: &str) {
        let number = key.parse().ok().filter(|number| *number < 1_000_000_000);
        self.last = self.last.max(number.unwrap_or_default());
    }
}

fn object(reader: &InputFile<'_>, node: Node<'_>) -> Result<Map<String, Value>, Finding> {
    reader.mapping(node, "a resource")?;
    match node.to_json() {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

fn unknown(reader: &InputFile<'_>, entry: Entry<'_>, resources: &[Resource]) -> Finding {
    let known = resources
        .iter()
        .map(|resource| format!("`{}`", resource.path));
    let known: Vec<String> = known.collect();
    let help = match known.as_slice() {
        [] => "no operation in this document is stateful".to_owned(),
        known => format!("the document has {}", known.join(", ")),
    };
    reader.problem(
        entry.key_position(),
        "this is not the path of a collection",
        help,
    )
}
