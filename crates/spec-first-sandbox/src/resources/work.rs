//! A request to a resource: what it sends, and what that creates or changes.

use std::{
    cell::OnceCell,
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use axum::http::{HeaderName, header};
use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    Call, Rejection, Reply, StatusCode,
    contract::{mock_resource::Action, negotiation::Accept, responses::Response, shape::Members},
};

use super::{
    filling::{Facts, add_defaults, fill, text_of, touch, typed},
    plan::{Role, encode},
    resource::{Resource, Sendable},
    store::Store,
};

/// A request, and what it is for.
pub(super) struct Work<'a> {
    pub(super) call: Call<'a>,
    pub(super) role: &'a Role,
    pub(super) resource: &'a Resource,
    /// What describes the resource, the most complete first.
    described: OnceCell<Vec<Members<'a>>>,
    /// What the request may say of the resource, if it may have a body.
    sendable: OnceCell<Option<Sendable<'a>>>,
}

impl<'a> Work<'a> {
    pub(super) fn of(call: Call<'a>, role: &'a Role, resource: &'a Resource) -> Self {
        Self {
            call,
            role,
            resource,
            described: OnceCell::new(),
            sendable: OnceCell::new(),
        }
    }

    fn described(&self) -> &[Members<'a>] {
        let schemas = || self.resource.schemas();
        self.described
            .get_or_init(|| schemas().map(|schema| Members::of(&schema)).collect())
    }

    fn sendable(&self) -> Option<&Sendable<'a>> {
        let body = self.call.operation.body.as_ref();
        let sendable = || body.map(|body| self.resource.sendable(body));
        self.sendable.get_or_init(sendable).as_ref()
    }

    pub(super) fn missing(&self) -> Rejection {
        let message = format!(
            "`{}` has no such resource; GET /_sandbox/state lists the existing ones",
            self.resource.path
        );
        Rejection::new(StatusCode::NOT_FOUND, message)
    }

    /// Whether the answer that shows a resource describes its `ETag`.
    fn has_versions(&self) -> bool {
        let read = self.resource.read.as_ref();
        read.is_some_and(|read| read.response.describes_etag)
    }

    /// The `ETag` of this version of a resource, which ends with the subtype of what is sent unless that is JSON: it would be a weak
    /// one if all had the same (RFC 9110, section 8.8.3).
    pub(super) fn etag(&self, found: &Map<String, Value>, response: &Response) -> Option<String> {
        if !self.has_versions() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        serde_json::to_string(found).ok()?.hash(&mut hasher);
        let version = hasher.finish();
        Some(match response.subtype(&Accept::of(self.call.headers)) {
            Some(subtype) => format!("\"{version:016x}-{subtype}\""),
            None => format!("\"{version:016x}\""),
        })
    }

    /// Whether a header names the current version, if the request has it, and what would be sent of it, if the operation only
    /// reads. Only `If-None-Match` may name it as a weak one.
    fn names(&self, header: HeaderName, current: Option<&str>) -> Option<bool> {
        let lines = self.call.headers.get_all(&header).iter();
        let lines = lines.map(|line| line.to_str().unwrap_or_default());
        let mut given = lines.flat_map(|line| line.split(',')).peekable();
        given.peek()?;
        let is_current = |it: &str| {
            let weak = it.strip_prefix("W/");
            let strong = weak.filter(|_| header == header::IF_NONE_MATCH);
            let given = strong.unwrap_or(it);
            let version = |tag: &str| {
                tag.trim_end_matches('"')
                    .split('-')
                    .next()
                    .map(str::to_owned)
            };
            let reads = self.role.action == Action::Read;
            current.is_some_and(|current| {
                it == "*" || given == current || !reads && version(given) == version(current)
            })
        };
        Some(given.any(|it| is_current(it.trim())))
    }

    /// The reply to a client that has the current version of the resource already (RFC 9110, section 13).
    ///
    /// # Errors
    /// The request is not for the current version, and the document says that this may fail.
    pub(super) fn check_version(
        &self,
        found: Option<&Map<String, Value>>,
    ) -> Result<Option<Reply>, Rejection> {
        if !self.has_versions() || (found.is_none() && !self.role.may_create) {
            return Ok(None);
        }
        let read = self.resource.read.as_ref();
        let current = found.zip(read);
        let current = current.and_then(|(found, read)| self.etag(found, &read.response));
        let names = |header| self.names(header, current.as_deref());
        let status = StatusCode::PRECONDITION_FAILED;
        let may_fail = self.call.operation.responses.describe(status);
        if may_fail && names(header::IF_MATCH) == Some(false) {
            let message = "`If-Match` does not name the current version of the resource; a `GET` has it in `ETag`";
            return Err(Rejection::new(status, message));
        }
        if names(header::IF_NONE_MATCH) != Some(true) {
            return Ok(None);
        }
        if self.role.action == Action::Read {
            let reply = Reply::empty(StatusCode::NOT_MODIFIED);
            return Ok(current.map(|etag| reply.header(header::ETAG, &etag)));
        }
        let message = "`If-None-Match` names the current version of the resource";
        match may_fail {
            true => Err(Rejection::new(status, message)),
            false => Ok(None),
        }
    }

    /// Whether the body is what the operation works on: a resource, several to create, or a change to one.
    pub(super) fn is_understood(&self) -> bool {
        let Some(body) = self.call.body() else {
            return true;
        };
        match (self.role.action, body) {
            (Action::List, _) => true,
            (Action::Read | Action::Delete, _) if self.key(None).is_some() => true,
            (Action::Create, Value::Array(sent)) => sent.iter().all(Value::is_object),
            (Action::Update, Value::Array(sent)) => {
                let is_patch = self.call.operation.documented().method == "PATCH";
                is_patch && sent.iter().all(|change| change.get("op").is_some())
            }
            _ => body.is_object(),
        }
    }

    /// The resource in the body of the request, or in the query if the request has no body.
    pub(super) fn body(&self) -> Option<Map<String, Value>> {
        match self.sendable() {
            Some(_) => self.sent(self.call.body()?),
            None => Some(self.in_query()),
        }
    }

    fn in_query(&self) -> Map<String, Value> {
        let Some(described) = self.described().first() else {
            return Map::new();
        };
        let members = self.call.query().filter_map(|(name, text)| {
            let value = typed(&described.get(name)?.schema, text)?;
            Some((name.to_owned(), value))
        });
        members
            .filter(|(name, _)| !self.resource.read_only.contains(name))
            .collect()
    }

    /// The resource in what was sent, without what only the server sets.
    fn sent(&self, body: &Value) -> Option<Map<String, Value>> {
        let mut body = body.as_object()?.clone();
        let described = self.sendable().and_then(|sendable| sendable.holder);
        let usual = || self.resource.holders().next().filter(|_| body.len() == 1);
        if let Some(holder) = described.or_else(usual)
            && let Some(Value::Object(held)) = body.get_mut(holder)
        {
            body = std::mem::take(held);
        }
        body.retain(|name, _| !self.resource.read_only.contains(name));
        Some(body)
    }

    /// What identifies the resource: a parameter in the path, its name if it is the only one, or else a member of the body.
    pub(super) fn key(&self, body: Option<&Map<String, Value>>) -> Option<String> {
        match &self.role.id {
            Some(name) => self.call.path_parameter(name).map(str::to_owned),
            None if self.resource.is_only_one => Some(self.resource.name().to_owned()),
            None => text_of(body?.get(self.resource.id.as_ref()?)?),
        }
    }

    /// Creates the resource in the body, or all in a list, or none if one cannot be created.
    pub(super) fn create(
        &self,
        store: &mut Store,
        collection: &str,
        seeds: impl Fn() -> Vec<(String, Map<String, Value>)>,
    ) -> Result<Reply, Rejection> {
        let list = self.call.body().and_then(Value::as_array);
        let sent: Vec<_> = match list {
            Some(list) => list.iter().filter_map(|it| self.sent(it)).collect(),
            None => vec![self.body().unwrap_or_default()],
        };
        let known = store.collection(collection, seeds);
        let mut taken = HashSet::new();
        let keys: Vec<_> = sent.iter().map(|it| self.key(Some(it))).collect();
        for key in keys.iter().flatten() {
            let is_first = taken.insert(key.clone());
            if (known.has(key) || !is_first)
                && self.call.operation.responses.names(StatusCode::CONFLICT)
            {
                let path = &self.resource.path;
                let message = format!("`{path}` has a resource with this identifier");
                return Err(Rejection::new(StatusCode::CONFLICT, message));
            }
        }
        let identifiers = self.resource.identifiers();
        let mut identified = IndexMap::new();
        for (mut resource, key) in sent.into_iter().zip(keys) {
            let key = key.unwrap_or_else(|| {
                let key = self
                    .resource
                    .identify(&mut resource, &identifiers, known, &taken);
                taken.insert(key.clone());
                key
            });
            identified.insert(key, resource);
        }
        let is_new = |key: &&String| !known.entries.contains_key(*key);
        let more = identified.keys().filter(is_new).count();
        self.check_room(store, more)?;
        let mut facts = self.facts(collection);
        let created = identified.into_iter();
        let created = created
            .map(|(key, resource)| self.add(store, collection, &key, resource, true, &mut facts));
        let created: Vec<_> = created.collect();
        let reply = match (self.role.shows_list, created.as_slice()) {
            (Some(false), [one]) => self.show_kept(one, true, &facts),
            (Some(false), _) => Reply::documented(StatusCode::CREATED),
            (None, [one]) if list.is_none() => self.show_kept(one, true, &facts),
            _ => self.show_all(StatusCode::CREATED, created),
        };
        Ok(reply.changed())
    }

    /// Keeps a resource that was replaced, updated or created by that, and shows it.
    pub(super) fn keep(
        &self,
        store: &mut Store,
        collection: &str,
        key: &str,
        resource: Map<String, Value>,
        is_new: bool,
    ) -> Result<Reply, Rejection> {
        self.check_room(store, usize::from(is_new))?;
        let mut facts = self.facts(collection);
        let kept = self.add(store, collection, key, resource, is_new, &mut facts);
        Ok(self.show_kept(&kept, is_new, &facts).changed())
    }

    fn check_room(&self, store: &Store, more: usize) -> Result<(), Rejection> {
        if store.has_room_for(more) {
            return Ok(());
        }
        let message = "the sandbox has no room for more resources: DELETE /_sandbox/state";
        Err(Rejection::new(StatusCode::INSUFFICIENT_STORAGE, message))
    }

    /// What is known about each resource that the request creates or changes in a collection.
    fn facts(&self, collection: &str) -> Facts<'a> {
        let host = self.call.header(header::HOST.as_str());
        let host = host.unwrap_or("localhost");
        let base_path = &self.call.operation.base_path;
        Facts {
            number: 0,
            now: Timestamp::now(),
            seed: self.resource.seed,
            url: String::new(),
            collection: format!("http://{host}{base_path}{collection}"),
            parents: self.role.parents(self.call),
            shown: self.resource.unsent(self.sendable()),
        }
    }

    /// Adds what the server sets to a resource, and keeps it.
    fn add(
        &self,
        store: &mut Store,
        collection: &str,
        key: &str,
        mut resource: Map<String, Value>,
        is_new: bool,
        facts: &mut Facts<'_>,
    ) -> Map<String, Value> {
        facts.number = store.next_number();
        let (collection_url, end) = (&facts.collection, self.resource.end);
        facts.url = match self.resource.is_only_one {
            true => format!("{collection_url}{end}"),
            false => format!("{collection_url}/{}{end}", encode(key)),
        };
        if let Some(sendable) = self.sendable().filter(|_| is_new) {
            add_defaults(&mut resource, &sendable.members);
        }
        for described in self.described() {
            if !is_new {
                touch(&mut resource, described, facts.now);
                continue;
            }
            if let Some(id) = self.resource.id.as_ref().filter(|_| self.role.id.is_some()) {
                let value = described.get(id).and_then(|it| typed(&it.schema, key));
                resource.extend(value.map(|value| (id.clone(), value)));
            }
            fill(&mut resource, described, facts);
        }
        store.insert(collection, key, resource.clone());
        resource
    }

    /// What `PATCH` makes of a resource: the body is a JSON Patch (RFC 6902) if it is an array, and else a merge patch.
    pub(super) fn updated(
        &self,
        found: Map<String, Value>,
        body: Map<String, Value>,
    ) -> Result<Map<String, Value>, Rejection> {
        let Some(patch @ Value::Array(_)) = self.call.body() else {
            return Ok(self.merged(found, body));
        };
        let mut patched = Value::Object(found);
        let patch = json_patch::Patch::deserialize(patch).ok();
        let done = patch.and_then(|patch| json_patch::patch(&mut patched, &patch).ok());
        match patched {
            Value::Object(patched) if done.is_some() => Ok(patched),
            _ => {
                let message = "the body is not a JSON Patch that applies to the resource";
                Err(Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, message))
            }
        }
    }

    /// A resource to which a JSON merge patch (RFC 7396) is applied; `null` stays where the schema allows it.
    fn merged(
        &self,
        mut resource: Map<String, Value>,
        patch: Map<String, Value>,
    ) -> Map<String, Value> {
        let allows_null = |name: &str| {
            self.described().iter().any(|members| {
                let schema = members.get(name).and_then(|member| member.schema.resolve());
                schema.is_some_and(|schema| schema.accepts_null())
            })
        };
        for (name, value) in patch {
            if value.is_null() && !allows_null(&name) {
                resource.remove(&name);
            } else {
                json_patch::merge(resource.entry(name).or_insert(Value::Null), &value);
            }
        }
        resource
    }

    /// What `PUT` makes of a resource: the members that a client cannot send stay.
    pub(super) fn replaced(
        &self,
        mut found: Map<String, Value>,
        body: Map<String, Value>,
    ) -> Map<String, Value> {
        let sendable = self.sendable().map(|sendable| &sendable.members);
        found.retain(|name, _| {
            let is_sent = sendable.is_some_and(|members| members.get(name).is_some());
            !is_sent || self.resource.read_only.contains(name)
        });
        found.extend(body);
        found
    }
}
