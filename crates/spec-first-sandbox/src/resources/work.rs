//! A request to a resource: what it sends, and the reply that shows a resource or a list of them.

use axum::http::header;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    Call, Rejection, Reply, StatusCode,
    contract::{generation::limit, responses::Response},
};

use super::{
    filling::{Facts, fill, project, text_of, touch, typed},
    plan::{Role, encode},
    resource::Resource,
    shape::{Members, is_silent, item_slot, list_slot, plain, slot_mut, within},
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

    /// Whether `PUT` creates: if it says so, or if nothing else does.
    pub(super) fn may_create(&self) -> bool {
        self.call.operation.responses.names(StatusCode::CREATED) || !self.resource.is_creatable
    }

    /// The resource in the body of the request, without what only the server sets.
    pub(super) fn body(&self) -> Option<Map<String, Value>> {
        let Value::Object(body) = self.call.body()? else {
            return None;
        };
        let mut body = body.clone();
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

    /// Adds what the server sets to a resource, keeps it, and shows it.
    pub(super) fn keep(
        &self,
        store: &mut Store,
        collection: &str,
        key: &str,
        mut resource: Map<String, Value>,
        is_new: bool,
    ) -> Result<Reply, Rejection> {
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
        let reply = match is_new {
            true => self.show(StatusCode::CREATED, &resource),
            false => self.show(StatusCode::OK, &resource),
        };
        Ok(match reply.status() {
            StatusCode::CREATED => reply.header(header::LOCATION, &url).changed(),
            _ => reply.changed(),
        })
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
            .and_then(|body| body.json_schema());
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
        self.reply(status, response, fitting)
    }

    pub(super) fn list(&self, mut found: Vec<Map<String, Value>>) -> Reply {
        let responses = &self.call.operation.responses;
        let Some((status, response)) = responses.success_like(StatusCode::OK) else {
            return Reply::empty(StatusCode::OK);
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
            self.filter(&mut found, &described);
            let total = found.len();
            self.page(&mut found);
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
            let counted = count(&body, &slot, total);
            if self.fits(status, &counted) {
                body = counted;
            }
            Some(body)
        };
        self.reply(status, response, fitting)
    }

    /// Keeps the resources whose members have the values that the query asks for.
    fn filter(&self, found: &mut Vec<Map<String, Value>>, described: &Members<'_>) {
        let names = self.call.query().map(|(name, _)| name);
        for name in names.filter(|name| described.get(name).is_some()) {
            let wanted = self.call.query().filter(|(given, _)| *given == name);
            let wanted: Vec<&str> = wanted.flat_map(|(_, value)| value.split(',')).collect();
            found.retain(|resource| {
                let text = resource.get(name).and_then(text_of);
                text.is_some_and(|text| wanted.contains(&&*text))
            });
        }
    }

    /// Keeps the page that the query asks for.
    fn page(&self, found: &mut Vec<Map<String, Value>>) {
        let number = |names: &[&str]| {
            let mut query = self.call.query();
            let (_, value) = query.find(|(name, _)| names.contains(&&*plain(name)))?;
            value.parse::<usize>().ok()
        };
        let limit = number(&["limit", "perpage", "pagesize"]);
        let page = number(&["page", "pagenumber"]).zip(limit);
        let page = page.map(|(page, limit)| page.saturating_sub(1).saturating_mul(limit));
        let skipped = number(&["offset", "skip"]).or(page).unwrap_or_default();
        found.drain(..skipped.min(found.len()));
        found.truncate(limit.unwrap_or(usize::MAX));
    }

    /// The reply with the body, or the one that would be sent without state.
    fn reply(
        &self,
        status: StatusCode,
        response: &Response,
        fitting: impl FnOnce() -> Option<Value>,
    ) -> Reply {
        let reply = match response.has_body() && status != StatusCode::NO_CONTENT {
            false => Reply::empty(status),
            true => match fitting() {
                Some(body) => Reply::json(status, body),
                None => return Reply::documented(status),
            },
        };
        let headers = response.headers().iter();
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

/// The body with the number of resources in the members that say so.
fn count(body: &Value, slot: &[String], total: usize) -> Value {
    let mut counted = body.clone();
    let mut level = Some(&mut counted);
    for name in slot {
        let Some(Value::Object(members)) = level else {
            break;
        };
        for (name, value) in members.iter_mut() {
            let counts = ["total", "count", "totalcount", "totalitems", "totalresults"];
            if value.is_number() && counts.contains(&&*plain(name)) {
                *value = total.into();
            }
        }
        level = members.get_mut(name);
    }
    counted
}
