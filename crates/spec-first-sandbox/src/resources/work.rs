//! A request to a resource: what it sends, and the reply that shows a resource or a list of them.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::{HeaderName, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    Call, Rejection, Reply, StatusCode,
    contract::{
        generation::limit,
        mock_resource::Action,
        responses::Response,
        shape::{Members, is_silent, item_slot, list_slot, slot_mut, within},
    },
};

use super::{
    filling::{Facts, fill, project, text_of, touch, typed},
    listing::{Page, filter},
    plan::{Role, encode},
    resource::Resource,
    store::Store,
};

/// A request, and what it is for.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub(super) call: Call<'a>,
    pub(super) role: &'a Role,
    pub(super) resource: &'a Resource,
}

impl<'a> Work<'a> {
    pub(super) fn missing(&self) -> Rejection {
        let message = format!(
            "`{}` has no such resource; GET /_sandbox/state lists the existing ones",
            self.resource.path
        );
        Rejection::new(StatusCode::NOT_FOUND, message)
    }

    /// The tag of this version of a resource, if the document describes one in the answer that shows it.
    fn tag(&self, found: &Map<String, Value>) -> Option<String> {
        let read = self.resource.read.as_ref();
        read.filter(|read| read.response.has_tag())?;
        let mut hasher = DefaultHasher::new();
        Value::Object(found.clone()).to_string().hash(&mut hasher);
        Some(format!("\"{:016x}\"", hasher.finish()))
    }

    /// The reply to a client that has this version of the resource already (RFC 9110, section 13).
    ///
    /// # Errors
    /// The client wants to change another version, and the document says that this may fail.
    pub(super) fn check_version(
        &self,
        found: &Map<String, Value>,
    ) -> Result<Option<Reply>, Rejection> {
        let Some(tag) = self.tag(found) else {
            return Ok(None);
        };
        let names = |header: HeaderName| {
            let mut given = self.call.header(header.as_str())?.split(',').map(str::trim);
            Some(given.any(|it| it == "*" || it.trim_start_matches("W/") == tag))
        };
        let has_it = names(header::IF_NONE_MATCH) == Some(true);
        if self.role.action == Action::Read {
            let unchanged = || Reply::empty(StatusCode::NOT_MODIFIED).header(header::ETAG, &tag);
            return Ok(has_it.then(unchanged));
        }
        let status = StatusCode::PRECONDITION_FAILED;
        let is_checked = self.call.operation.responses.describe(status);
        if is_checked && (has_it || names(header::IF_MATCH) == Some(false)) {
            let message =
                "the resource has another version than the request is for; `ETag` names it";
            return Err(Rejection::new(status, message));
        }
        Ok(None)
    }

    /// Whether `PUT` creates: if it says so, or if nothing else does.
    pub(super) fn may_create(&self) -> bool {
        self.call.operation.responses.names(StatusCode::CREATED) || !self.resource.is_creatable
    }

    /// The resource in the body of the request.
    pub(super) fn body(&self) -> Option<Map<String, Value>> {
        self.sent(self.call.body()?)
    }

    /// The resource in what was sent, without what only the server sets.
    fn sent(&self, body: &Value) -> Option<Map<String, Value>> {
        let mut body = body.as_object()?.clone();
        let shape = [&self.resource.create, &self.resource.read];
        let mut slots = shape.into_iter().flatten().map(|shape| &shape.slot);
        if body.len() == 1
            && let Some(slot) = slots.find(|slot| slot.len() == 1)
            && let Some(Value::Object(held)) = body.get_mut(&slot[0])
        {
            body = std::mem::take(held);
        }
        for schema in self.resource.schemas() {
            let members = Members::of(&schema).all;
            for member in members.iter().filter(|member| member.is_read_only()) {
                body.remove(member.name);
            }
        }
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

    /// Creates the resources in a list, and shows them.
    pub(super) fn create_all(
        &self,
        store: &mut Store,
        collection: &str,
        sent: &[Value],
        seeds: impl Fn() -> Vec<(String, Map<String, Value>)>,
    ) -> Result<Reply, Rejection> {
        let mut created = Vec::new();
        for mut resource in sent.iter().filter_map(|it| self.sent(it)) {
            let known = store.collection(collection, &seeds);
            let key = self.key(Some(&resource));
            let key = key.unwrap_or_else(|| self.resource.identify(&mut resource, known));
            let is_new = !known.entries.contains_key(&key);
            let (kept, _) = self.add(store, collection, &key, resource, is_new)?;
            created.push(kept);
        }
        Ok(self.show_all(StatusCode::CREATED, created).changed())
    }

    /// Adds what the server sets to a resource, keeps it, and shows it.
    pub(super) fn keep(
        &self,
        store: &mut Store,
        collection: &str,
        key: &str,
        resource: Map<String, Value>,
        is_new: bool,
    ) -> Result<Reply, Rejection> {
        let (kept, url) = self.add(store, collection, key, resource, is_new)?;
        let reply = match is_new {
            true => self.show(StatusCode::CREATED, &kept),
            false => self.show(StatusCode::OK, &kept),
        };
        Ok(match reply.status() {
            StatusCode::CREATED => reply.header(header::LOCATION, &url).changed(),
            _ => reply.changed(),
        })
    }

    /// Adds what the server sets to a resource, and keeps it. Returns it with its URL.
    fn add(
        &self,
        store: &mut Store,
        collection: &str,
        key: &str,
        mut resource: Map<String, Value>,
        is_new: bool,
    ) -> Result<(Map<String, Value>, String), Rejection> {
        if is_new && store.is_full() {
            let message = "the sandbox has no room for more resources: DELETE /_sandbox/state";
            return Err(Rejection::new(StatusCode::INSUFFICIENT_STORAGE, message));
        }
        let path = match self.resource.is_only_one {
            true => collection.to_owned(),
            false => format!("{collection}/{}", encode(key)),
        };
        let host = self
            .call
            .header(header::HOST.as_str())
            .unwrap_or("localhost");
        let url = format!("http://{host}{}{path}", self.call.operation.base_path);
        let facts = Facts {
            number: store.next_number(),
            now: Timestamp::now(),
            seed: self.resource.seed,
            url: &url,
            parents: &self.role.parents(self.call),
            shown: &self.resource.unsent(self.call.operation.body.as_ref()),
        };
        if let Some(body) = self.call.operation.body.as_ref().filter(|_| is_new) {
            self.resource.add_defaults(&mut resource, body);
        }
        for schema in self.resource.schemas() {
            if !is_new {
                touch(&mut resource, &schema, facts.now);
                continue;
            }
            if let Some(id) = self.resource.id.as_ref().filter(|_| self.role.id.is_some()) {
                let members = Members::of(&schema);
                let value = members.get(id).and_then(|it| typed(&it.schema, key));
                resource.extend(value.map(|value| (id.clone(), value)));
            }
            fill(&mut resource, &schema, facts);
        }
        store.insert(collection, key, resource.clone());
        Ok((resource, url))
    }

    /// What `PATCH` makes of a resource: the body is a JSON Patch (RFC 6902) if it is an array, and else a merge patch.
    pub(super) fn updated(
        &self,
        found: Map<String, Value>,
        body: Map<String, Value>,
    ) -> Result<Map<String, Value>, Rejection> {
        let Some(patch @ Value::Array(_)) = self.call.body() else {
            return Ok(self.resource.merged(found, body));
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

    /// What `PUT` makes of a resource: the members that a client cannot send stay.
    pub(super) fn replaced(
        &self,
        mut found: Map<String, Value>,
        body: Map<String, Value>,
    ) -> Map<String, Value> {
        let schema = self
            .call
            .operation
            .body
            .as_ref()
            .and_then(|body| body.schema());
        let place = schema.and_then(|schema| self.resource.place(schema));
        let sent = place.as_ref().map(Members::of).unwrap_or_default();
        let id = self.resource.id.as_deref();
        let read_only: Vec<String> = self.resource.read_only();
        found.retain(|name, _| {
            Some(name.as_str()) == id || read_only.contains(name) || sent.get(name).is_none()
        });
        let id = id.and_then(|id| found.get(id).cloned().map(|value| (id.to_owned(), value)));
        found.extend(body);
        found.extend(id);
        found
    }

    /// The reply with a resource, or without one if the document describes none.
    pub(super) fn show(&self, preferred: StatusCode, found: &Map<String, Value>) -> Reply {
        let responses = &self.call.operation.responses;
        let Some((status, response)) = responses.success_like(preferred) else {
            return Reply::empty(preferred);
        };
        let fitting = || {
            let schema = response.json_schema()?;
            let slot = match is_silent(&schema) {
                true => Vec::new(),
                false => item_slot(&schema, self.resource.name())?,
            };
            let described = within(schema, &slot)?;
            let shown = project(found, &described, self.resource.seed);
            // A response with none of its members is about something else.
            let is_other = !found.is_empty() && shown.as_object().is_some_and(Map::is_empty);
            self.fitting(status, response, &slot, Some(shown).filter(|_| !is_other)?)
        };
        let tag = self.tag(found).filter(|_| response.has_tag());
        self.reply(status, response, tag.as_deref(), fitting)
    }

    /// The reply with a list of resources; where that is what the request asks for, only those that it asks for.
    pub(super) fn show_all(
        &self,
        preferred: StatusCode,
        mut found: Vec<Map<String, Value>>,
    ) -> Reply {
        let responses = &self.call.operation.responses;
        let Some((status, response)) = responses.success_like(preferred) else {
            return Reply::empty(preferred);
        };
        let fitting = || {
            let schema = response.json_schema()?;
            let slot = match is_silent(&schema) {
                true => Vec::new(),
                false => list_slot(&schema, self.resource.name())?,
            };
            let list = within(schema, &slot)?;
            let items = Members::of(&list).items;
            let described = items.as_ref().map(Members::of).unwrap_or_default();
            let is_asked = self.role.action == Action::List;
            if is_asked {
                filter(self.call, &mut found, &described);
            }
            let total = found.len();
            let page = match is_asked {
                true => Page::of(self.call),
                false => Page::default(),
            };
            page.cut(&mut found);
            let most = limit(&list, "maxItems");
            found.truncate(
                most.and_then(|most| most.try_into().ok())
                    .unwrap_or(usize::MAX),
            );
            let shown = found.iter().map(|resource| match &items {
                Some(items) => project(resource, items, self.resource.seed),
                None => resource.clone().into(),
            });
            let mut body = self.fitting(status, response, &slot, shown.collect())?;
            let names = [self.resource.name(), slot.last().map_or("", String::as_str)];
            let counted = page.count(&body, &slot, &names, total);
            if self.fits(status, &counted) {
                body = counted;
            }
            Some(body)
        };
        self.reply(status, response, None, fitting)
    }

    /// The reply with the body, or the one that would be sent without state.
    fn reply(
        &self,
        status: StatusCode,
        response: &Response,
        tag: Option<&str>,
        fitting: impl FnOnce() -> Option<Value>,
    ) -> Reply {
        let reply = match response.has_body() && status != StatusCode::NO_CONTENT {
            false => Reply::empty(status),
            true => match fitting() {
                Some(body) => Reply::json(status, body),
                None => return Reply::documented(status),
            },
        };
        let reply = tag
            .into_iter()
            .fold(reply, |reply, tag| reply.header(header::ETAG, tag));
        let headers = response.headers().iter();
        let headers = headers.filter(|(name, _)| tag.is_none() || *name != header::ETAG);
        headers.fold(reply, |reply, (name, value)| {
            reply.header(name.clone(), value.to_str().unwrap_or_default())
        })
    }

    fn fits(&self, status: StatusCode, body: &Value) -> bool {
        let responses = &self.call.operation.responses;
        responses.problem_of(status, body).is_none()
    }

    /// The body with this value in its slot, as close to it as the schema allows; `None` if it cannot be made to fit.
    fn fitting(
        &self,
        status: StatusCode,
        response: &Response,
        slot: &[String],
        value: Value,
    ) -> Option<Value> {
        let base = match slot {
            [] => None,
            _ => Some(response.json_example()?),
        };
        let with = |value: Value| match base {
            None => Some(value),
            Some(base) => {
                let mut body = base.clone();
                *slot_mut(&mut body, slot)? = value;
                Some(body)
            }
        };
        let fits = |body: &Value| self.fits(status, body);
        let body = with(value.clone())?;
        if fits(&body) {
            return Some(body);
        }
        let value = match value {
            Value::Array(mut items) => {
                items.retain(|item| {
                    with(Value::Array(vec![item.clone()])).is_some_and(|it| fits(&it))
                });
                Value::Array(items)
            }
            Value::Object(members) => {
                // Begins with what the document gives, and keeps each member that fits.
                let mut body = response.json_example()?.clone();
                let shown = slot_mut(&mut body, slot)?;
                let mut kept = shown.as_object().cloned().unwrap_or_default();
                let extra: Vec<_> = kept
                    .keys()
                    .filter(|name| !members.contains_key(*name))
                    .cloned()
                    .collect();
                let changes = members.into_iter().map(|(name, value)| (name, Some(value)));
                for (name, value) in changes.chain(extra.into_iter().map(|name| (name, None))) {
                    let mut changed = kept.clone();
                    match value {
                        Some(value) => _ = changed.insert(name, value),
                        None => _ = changed.remove(&name),
                    }
                    if with(changed.clone().into()).is_some_and(|body| fits(&body)) {
                        kept = changed;
                    }
                }
                kept.into()
            }
            other => other,
        };
        with(value).filter(fits)
    }
}
