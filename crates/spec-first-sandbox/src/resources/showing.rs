//! The reply to a request: a resource or a list of them, as close to what is kept as the document allows.

use std::cell::OnceCell;

use axum::http::header;
use serde_json::{Map, Value};

use crate::{
    Reply, StatusCode,
    contract::{
        generation::limit,
        mock_resource::Action,
        place::Place,
        responses::Response,
        shape::{Members, at_slot, is_silent, item_slot, list_slot, slot_mut, within},
    },
};

use super::{
    filling::{Facts, project},
    listing::{Page, filter},
    resource::Shape,
    work::Work,
};

impl Work<'_> {
    /// The reply with a resource that was created or changed, and where it is if it is new.
    pub(super) fn show_kept(
        &self,
        kept: &Map<String, Value>,
        is_new: bool,
        facts: &Facts<'_>,
    ) -> Reply {
        let reply = match is_new {
            true => self.show(StatusCode::CREATED, kept),
            false => self.show(StatusCode::OK, kept),
        };
        match reply.status() {
            StatusCode::CREATED => reply.header(header::LOCATION, &facts.url),
            _ => reply,
        }
    }

    /// The reply with a resource, or without one if the document describes none.
    pub(super) fn show(&self, preferred: StatusCode, found: &Map<String, Value>) -> Reply {
        let responses = &self.call.operation.responses;
        let Some((status, response)) = responses.success_like(preferred) else {
            return Reply::empty(preferred);
        };
        let fitting = || {
            let schema = response.json_schema()?;
            let slot = self.slot(&schema, item_slot)?;
            let described = Members::of(&within(schema, &slot)?);
            let shown = project(found, &described, self.resource.seed);
            // A response with none of its members is about something else.
            if shown.is_empty() && !found.is_empty() {
                return None;
            }
            let base = response.json_example().cloned();
            self.fitting(status, &Shape::of(response, slot), base, shown.into())
        };
        let has_etag = response.describes_etag && self.role.action != Action::Delete;
        let etag = has_etag.then(|| self.etag(found, response)).flatten();
        self.reply(status, response, etag.as_deref(), fitting)
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
            let slot = self.slot(&schema, list_slot)?;
            let list = within(schema, &slot)?;
            let items = Members::of(&list).items;
            let described = items.as_ref().map(Members::of);
            let is_asked = self.role.action == Action::List;
            if let Some(described) = described.as_ref().filter(|_| is_asked) {
                filter(self.call, &mut found, described);
            }
            let page = match is_asked {
                true => Page::of(self.call, found.len()),
                false => Page::of_all(found.len()),
            };
            page.cut(&mut found);
            let most = limit(&list, "maxItems").and_then(|most| most.try_into().ok());
            found.truncate(most.unwrap_or(usize::MAX));
            let shown = found.into_iter().map(|resource| match &described {
                Some(described) => project(&resource, described, self.resource.seed).into(),
                None => Value::Object(resource),
            });
            let names = [self.resource.name(), slot.last().map_or("", String::as_str)];
            let mut base = response.json_example().cloned();
            if let Some(base) = &mut base {
                for (place, number) in page.numbers(base, &slot, &names) {
                    let mut counted = base.clone();
                    *at_slot(&mut counted, &place)? = number.into();
                    if self.fits(status, &counted) {
                        *base = counted;
                    }
                }
            }
            self.fitting(status, &Shape::of(response, slot), base, shown.collect())
        };
        self.reply(status, response, None, fitting)
    }

    /// Where a response has the resource or the list; as a whole, if its schema says nothing.
    fn slot(
        &self,
        schema: &Place<'_>,
        find: fn(&Place<'_>, &str) -> Option<Vec<String>>,
    ) -> Option<Vec<String>> {
        match is_silent(schema) {
            true => Some(Vec::new()),
            false => find(schema, self.resource.name()),
        }
    }

    /// The reply with the body, or the one that would be sent without state.
    fn reply(
        &self,
        status: StatusCode,
        response: &Response,
        etag: Option<&str>,
        fitting: impl FnOnce() -> Option<Value>,
    ) -> Reply {
        let reply = match response.has_body() && status != StatusCode::NO_CONTENT {
            false => Reply::empty(status),
            true => match fitting() {
                Some(body) => Reply::json(status, body),
                None => return Reply::documented(status),
            },
        };
        let headers = response.headers.iter();
        let reply = headers.fold(reply, |reply, (name, value)| {
            reply.header(name.clone(), value.to_str().unwrap_or_default())
        });
        match etag {
            Some(etag) => reply.header(header::ETAG, etag),
            None => reply,
        }
    }

    fn fits(&self, status: StatusCode, body: &Value) -> bool {
        let responses = &self.call.operation.responses;
        responses.problem_of(status, body).is_none()
    }

    /// The body with this value in its slot, as close to it as the schema allows; `None` if it cannot be made to fit. What does
    /// not fit in a resource is as the document shows it.
    fn fitting(
        &self,
        status: StatusCode,
        shape: &Shape,
        mut base: Option<Value>,
        value: Value,
    ) -> Option<Value> {
        let slot = &shape.slot;
        if let Some(base) = &mut base {
            *slot_mut(base, slot)? = Value::Null;
        }
        let with = |value: Value| {
            if slot.is_empty() {
                return Some(value);
            }
            let mut body = base.clone()?;
            *slot_mut(&mut body, slot)? = value;
            Some(body)
        };
        let fits = |value: &Value| with(value.clone()).filter(|body| self.fits(status, body));
        if let Some(body) = fits(&value) {
            return Some(body);
        }
        let documented = OnceCell::new();
        let documented = || match documented.get_or_init(|| shape.generated(self.resource.seed)) {
            Some(Value::Object(shown)) => shown.clone(),
            _ => Map::new(),
        };
        let value = match value {
            Value::Array(items) => {
                let alone = |item: &Value| fits(&vec![item.clone()].into()).is_some();
                let items = items.into_iter().filter_map(|item| {
                    if alone(&item) {
                        return Some(item);
                    }
                    let Value::Object(members) = item else {
                        return None;
                    };
                    Some(nearest(documented(), members, &alone)).filter(alone)
                });
                items.collect()
            }
            Value::Object(members) => {
                nearest(documented(), members, &|changed| fits(changed).is_some())
            }
            other => other,
        };
        fits(&value)
    }
}

/// A documented resource with each of these members with which it fits, and without others that it does not need.
fn nearest(
    documented: Map<String, Value>,
    members: Map<String, Value>,
    fits: &dyn Fn(&Value) -> bool,
) -> Value {
    let extra = documented.keys().cloned();
    let extra = extra.filter(|name| !members.contains_key(name));
    let extra: Vec<_> = extra.map(|name| (name, None)).collect();
    let changes = members.into_iter().map(|(name, value)| (name, Some(value)));
    let changes: Vec<_> = changes.collect();
    let mut kept = Value::Object(documented);
    change(&mut kept, &changes, fits);
    change(&mut kept, &extra, fits);
    kept
}

/// Makes those changes with which an object fits: all at once or, if that is too much, each half of them, down to the members
/// of a member.
fn change(kept: &mut Value, changes: &[(String, Option<Value>)], fits: &dyn Fn(&Value) -> bool) {
    let mut changed = kept.clone();
    for (name, value) in changes {
        match (&mut changed, value) {
            (Value::Object(members), None) => _ = members.remove(name),
            (changed, Some(value)) => changed[name] = value.clone(),
            _ => {}
        }
    }
    if fits(&changed) {
        *kept = changed;
        return;
    }
    if let [(name, value)] = changes {
        let known = kept.get(name).and_then(Value::as_object);
        let value = value.as_ref().and_then(Value::as_object);
        if let Some((known, inner)) = known.zip(value).filter(|_| fits(kept)) {
            let with = |inner: &Value| {
                let mut changed = kept.clone();
                changed[name] = inner.clone();
                changed
            };
            let inner = nearest(known.clone(), inner.clone(), &|inner| fits(&with(inner)));
            *kept = with(&inner);
        }
    } else if !changes.is_empty() {
        let (first, second) = changes.split_at(changes.len() / 2);
        change(kept, first, fits);
        change(kept, second, fits);
    }
}
