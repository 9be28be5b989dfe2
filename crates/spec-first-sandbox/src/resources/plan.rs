//! Decides which operations work on which resources: by their methods and paths, or as `x-mock-resource` says.

use std::{collections::HashMap, fmt::Write};

use crate::{
    Call, DocumentedOperation, StatusCode,
    contract::{
        Contract, Operation,
        mock_resource::Action,
        place::Place,
        redaction::Redaction,
        shape::{Members, is_silent, item_slot, list_slot, plain, within},
    },
};

use super::resource::{Resource, Shape};

/// What an operation does with which resource.
#[derive(Debug)]
pub(super) struct Role {
    /// The index of the resource.
    resource: usize,
    pub(super) action: Action,
    collection: Template,
    /// The path parameter that identifies the resource; without one, the body does.
    pub(super) id: Option<String>,
    /// Whether the response is a list; `None` if it does not say.
    pub(super) shows_list: Option<bool>,
    /// Whether it creates the resource that it replaces or updates.
    pub(super) may_create: bool,
}

/// A path whose parameters are whole segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter(String),
}

/// An operation that may work on a resource.
pub(super) struct Candidate<'a> {
    pub(super) operation: &'a Operation,
    pub(super) collection: Template,
    pub(super) id: Option<String>,
    pub(super) action: Action,
    pub(super) shape: Option<Shape>,
    shows_list: Option<bool>,
    /// Whether the response says nothing about what it shows.
    is_silent: bool,
    /// Whether it is a `POST` to a resource, which changes it only if the answer is the resource.
    is_post_of_one: bool,
}

/// What the operations of a document do, and with which resources.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// By path and method.
    roles: HashMap<String, HashMap<String, Role>>,
    pub(super) resources: Vec<Resource>,
    pub(super) redaction: Redaction,
}

impl Plan {
    pub(super) fn role(&self, operation: DocumentedOperation<'_>) -> Option<(&Role, &Resource)> {
        let role = self.roles.get(operation.path)?.get(operation.method)?;
        Some((role, &self.resources[role.resource]))
    }

    pub(super) fn of(contract: &Contract) -> Self {
        let mut groups: Vec<(String, Vec<Candidate<'_>>)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for operation in contract.all_operations() {
            let Some(candidate) = Candidate::of(operation) else {
                continue;
            };
            let key = candidate.collection.without_names();
            let index = *known.entry(key.clone()).or_insert_with(|| {
                groups.push((key, Vec::new()));
                groups.len() - 1
            });
            groups[index].1.push(candidate);
        }
        let mut plan = Self {
            redaction: contract.redaction.clone(),
            ..Self::default()
        };
        for (_, mut candidates) in groups {
            // Schemas are looked at only if the paths promise something.
            if !is_complete(&candidates) {
                continue;
            }
            // What is below the path says what is at the path, but only if it is about the same resources.
            candidates.retain_mut(|it| it.id.is_none() || it.find_shape());
            let mut read = candidates.iter().filter(|it| it.action == Action::Read);
            let shown = read.find_map(|it| it.shape.clone());
            candidates.retain(|it| !it.is_post_of_one || it.shows_same_as(shown.as_ref()));
            if is_only_one(&candidates) {
                let shows = candidates.iter_mut();
                shows
                    .filter(|it| it.action == Action::List)
                    .for_each(|it| it.action = Action::Read);
            }
            candidates.retain_mut(|it| it.id.is_some() || it.find_shape());
            // A response that says nothing is believed to show a resource if the paths do.
            let has_items = candidates.iter().any(|it| it.id.is_some());
            candidates.retain(|it| has_items || !it.is_silent);
            if !is_complete(&candidates) {
                continue;
            }
            let resource = Resource::of(contract, &candidates);
            candidates.retain(|candidate| candidate.has_id(&resource));
            if !is_complete(&candidates) {
                continue;
            }
            for candidate in candidates {
                let documented = candidate.operation.documented();
                let role = Role {
                    resource: plan.resources.len(),
                    action: candidate.action,
                    may_create: candidate.may_create(&resource),
                    collection: candidate.collection,
                    id: candidate.id,
                    shows_list: candidate.shows_list,
                };
                let of_path = plan.roles.entry(documented.path.to_owned()).or_default();
                of_path.insert(documented.method.to_owned(), role);
            }
            plan.resources.push(resource);
        }
        plan
    }
}

/// A resource needs an operation that shows it and one that changes it, or one that does both.
fn is_complete(candidates: &[Candidate<'_>]) -> bool {
    let mut changes = candidates.iter().filter(|it| !it.action.only_reads());
    let shows = candidates.iter().any(|it| it.action.only_reads());
    changes.any(|it| shows || it.shows_what_is_sent())
}

/// Whether the path itself is a resource, such as `/settings`: nothing is created or identified there, and a request that changes
/// it sends members of what is shown.
fn is_only_one(candidates: &[Candidate<'_>]) -> bool {
    let is_apart = |it: &Candidate<'_>| {
        it.id.is_some()
            || it.action == Action::Create
            || it.operation.mock_resource.action.is_some()
    };
    if candidates.iter().any(is_apart) {
        return false;
    }
    let shown = candidates.iter().filter(|it| it.action == Action::List);
    let shown = shown.filter_map(|it| {
        let (_, response) = it.operation.responses.success_like(StatusCode::OK)?;
        let schema = response.json_schema()?;
        let slot = item_slot(&schema, it.collection.last_literal())?;
        Some(Members::of(&within(schema, &slot)?))
    });
    let shown: Vec<Members<'_>> = shown.collect();
    let sent = candidates.iter().filter_map(Candidate::body);
    sent.flat_map(|schema| Members::of(&schema).all)
        .any(|member| shown.iter().any(|it| it.get(member.name).is_some()))
}

impl<'a> Candidate<'a> {
    fn of(operation: &'a Operation) -> Option<Self> {
        let says = &operation.mock_resource;
        let documented = operation.documented();
        let path = Template::parse(documented.path)?;
        if says.is_off {
            return None;
        }
        let (collection, id) = match &says.collection {
            Some(collection) => {
                let collection = Template::parse(collection)?;
                let id = path.parameters().filter(|name| {
                    let mut used = collection.parameters();
                    !used.any(|used| used == *name)
                });
                let id = id.last().map(str::to_owned);
                (collection, id)
            }
            None => match path.0.split_last() {
                Some((Segment::Parameter(name), above)) if !above.is_empty() => {
                    (Template(above.to_vec()), Some(name.clone()))
                }
                _ => (path, None),
            },
        };
        let is_post_of_one = documented.method == "POST" && id.is_some() && says.action.is_none();
        let action = says.action.or(match (documented.method, &id) {
            ("POST", None) => Some(Action::Create),
            ("POST", Some(_)) if !operation.responses.names(StatusCode::CREATED) => {
                Some(Action::Update)
            }
            ("GET", None) => Some(Action::List),
            ("GET", Some(_)) => Some(Action::Read),
            ("PUT", _) => Some(Action::Replace),
            ("PATCH", _) => Some(Action::Update),
            ("DELETE", _) => Some(Action::Delete),
            _ => None,
        })?;
        Some(Self {
            operation,
            collection,
            id,
            action,
            shape: None,
            shows_list: None,
            is_silent: false,
            is_post_of_one,
        })
    }

    /// Whether it is a `PUT` or a `PATCH` to a resource, and the response has members of what is sent.
    fn shows_what_is_sent(&self) -> bool {
        let is_change = matches!(self.action, Action::Replace | Action::Update);
        if self.id.is_none() || self.is_post_of_one || !is_change {
            return false;
        }
        let response = self.operation.responses.success_like(StatusCode::OK);
        let shown = response.and_then(|(_, response)| response.json_schema());
        let shown = shown.and_then(|schema| {
            let slot = item_slot(&schema, self.collection.last_literal())?;
            within(schema, &slot)
        });
        shown.zip(self.body()).is_some_and(|(shown, sent)| {
            let (shown, sent) = (Members::of(&shown), Members::of(&sent));
            sent.all.iter().any(|it| shown.get(it.name).is_some())
        })
    }

    /// The schema of the body.
    fn body(&self) -> Option<Place<'_>> {
        self.operation.body.as_ref()?.schema()?.place()
    }

    /// Finds the resource or the list in the response; returns whether the operation can be answered with it.
    fn find_shape(&mut self) -> bool {
        let usual = match self.action {
            Action::Create => StatusCode::CREATED,
            _ => StatusCode::OK,
        };
        let Some((_, response)) = self.operation.responses.success_like(usual) else {
            return !self.action.only_reads();
        };
        let Some(schema) = response.json_schema() else {
            // A text, or anything, may say that the change was made.
            let says = !response.has_body() || response.is_undescribed() || self.id.is_some();
            return says && !self.action.only_reads();
        };
        let name = self.collection.last_literal();
        self.is_silent = is_silent(&schema);
        let (slot, shows_list) = match self.action {
            _ if self.is_silent => (Some(Vec::new()), None),
            Action::List => (list_slot(&schema, name), Some(true)),
            Action::Create => self.slot_of_created(&schema),
            _ => (item_slot(&schema, name), Some(false)),
        };
        let slot = slot.filter(|slot| {
            let shown = within(schema, slot);
            shown.is_some_and(|it| Members::of(&it).may_have_objects())
        });
        self.shows_list = shows_list;
        self.shape = slot.map(|slot| Shape::of(response, slot));
        // The response to a change may be about something else.
        self.shape.is_some() || (self.id.is_some() && !self.action.only_reads())
    }

    /// Where the response has what was created, and whether that is a list: whichever has more of the members that are sent.
    fn slot_of_created(&self, schema: &Place<'_>) -> (Option<Vec<String>>, Option<bool>) {
        let name = self.collection.last_literal();
        let body = self.body();
        let mut sent = body.as_ref().map(Members::of).unwrap_or_default();
        let is_list = sent.all.is_empty() && sent.items.is_some() && sent.may_have_objects();
        if let Some(items) = sent.items.as_ref().filter(|_| is_list) {
            sent = Members::of(items);
        }
        if let [only] = sent.all.as_slice()
            && let held = Members::of(&only.schema)
            && held.is_object()
        {
            sent = held;
        }
        let sent_in = |slot: &Option<Vec<String>>| {
            let shown = slot.as_ref().and_then(|it| within(schema.clone(), it));
            let shown = shown.as_ref().map(Members::of).unwrap_or_default();
            let items = shown.items.as_ref().map(Members::of);
            let shown = items.unwrap_or(shown);
            let sent = sent.all.iter();
            sent.filter(|it| shown.get(it.name).is_some()).count()
        };
        let (one, list) = (item_slot(schema, name), list_slot(schema, name));
        let (in_one, in_list) = (sent_in(&one), sent_in(&list));
        match in_list > in_one || (is_list && in_list == in_one) {
            true => (list, Some(true)),
            false => (one, Some(false)),
        }
    }

    /// Whether the response is the resource that another one shows, perhaps among alternatives such as a deleted one.
    fn shows_same_as(&self, other: Option<&Shape>) -> bool {
        let own = self.shape.as_ref().and_then(Shape::resource);
        let Some((own, other)) = own.zip(other.and_then(Shape::resource)) else {
            return false;
        };
        let pointer = |place: &Place<'_>| place.resolve().map(|it| it.pointer);
        let component = Members::of(&own).component();
        pointer(&own) == pointer(&other)
            || component.is_some_and(|it| Members::of(&other).is_made_of(&it))
    }

    /// Whether it creates what it replaces or updates: `PUT` if it says so, and both if nothing else creates.
    fn may_create(&self, resource: &Resource) -> bool {
        let says = self.operation.responses.names(StatusCode::CREATED);
        match self.action {
            Action::Replace => says || !resource.is_creatable,
            Action::Update => self.is_post_of_one && !resource.is_creatable,
            _ => false,
        }
    }

    /// Whether a request says which resource it is for, if it has to.
    fn has_id(&self, resource: &Resource) -> bool {
        let is_of_one = !matches!(self.action, Action::Create | Action::List);
        !is_of_one
            || self.id.is_some()
            || resource.is_only_one
            || self
                .operation
                .body
                .as_ref()
                .is_some_and(|it| resource.is_identified_by(it))
    }
}

impl Role {
    /// The parameters in the path of the collection.
    pub(super) fn parents<'a>(&'a self, call: Call<'a>) -> Vec<Parent<'a>> {
        let segments = &self.collection.0;
        let above = segments.iter().map(|segment| match segment {
            Segment::Literal(text) => text.as_str(),
            Segment::Parameter(_) => "",
        });
        let parents = segments.iter().skip(1).zip(above);
        let parents = parents.filter_map(|(segment, above)| match segment {
            Segment::Literal(_) => None,
            Segment::Parameter(name) => Some(Parent {
                name,
                above,
                value: call.path_parameter(name)?,
            }),
        });
        parents.collect()
    }

    /// The path of the collection that a request is for.
    pub(super) fn collection(&self, call: Call<'_>) -> String {
        let mut path = String::new();
        for segment in &self.collection.0 {
            path.push('/');
            match segment {
                Segment::Literal(text) => path.push_str(text),
                Segment::Parameter(name) => {
                    path.push_str(&encode(call.path_parameter(name).unwrap_or_default()));
                }
            }
        }
        path
    }
}

/// A parameter in the path of a collection.
#[derive(Clone, Debug)]
pub(super) struct Parent<'a> {
    name: &'a str,
    /// The segment before it.
    above: &'a str,
    pub(super) value: &'a str,
}

impl Parent<'_> {
    /// Whether a member has its value: `petId` that of `{petId}`, of `{pet}`, and of `{id}` in `/pets/{id}`.
    pub(super) fn is_in(&self, member: &str) -> bool {
        let (member, name) = (plain(member), plain(self.name));
        let owner = member.strip_suffix("id").unwrap_or_default();
        let is_singular = owner.len() >= 3 && plain(self.above).starts_with(owner);
        member == name || owner == name || (name == "id" && is_singular)
    }
}

/// A value as a segment of a path.
pub(super) fn encode(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' | b'@' | b':' => encoded.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => encoded.push(byte.into()),
            // Writing to a string cannot fail.
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

impl Template {
    /// `None` if a parameter is only a part of its segment.
    fn parse(path: &str) -> Option<Self> {
        let path = path
            .split(['#', '?'])
            .next()
            .unwrap_or(path)
            .trim_matches('/');
        let segments = path.split('/').map(|segment| {
            let inner = segment
                .strip_prefix('{')
                .and_then(|it| it.strip_suffix('}'));
            match inner {
                Some(name) if !name.contains(['{', '}']) => {
                    Some(Segment::Parameter(name.to_owned()))
                }
                None if !segment.contains(['{', '}']) => Some(Segment::Literal(segment.to_owned())),
                _ => None,
            }
        });
        Some(Self(segments.collect::<Option<_>>()?))
    }

    pub(super) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(name.as_str()),
            Segment::Literal(_) => None,
        })
    }

    pub(super) fn last_literal(&self) -> &str {
        let mut segments = self.0.iter().rev();
        let literal = segments.find_map(|segment| match segment {
            Segment::Literal(text) => Some(text.as_str()),
            Segment::Parameter(_) => None,
        });
        literal.unwrap_or_default()
    }

    /// Parameter names do not distinguish paths.
    fn without_names(&self) -> String {
        let segments = self.0.iter().map(|segment| match segment {
            Segment::Literal(text) => format!("/{text}"),
            Segment::Parameter(_) => "/{}".to_owned(),
        });
        segments.collect()
    }

    /// Whether this is the path of a collection, with a value for each parameter.
    pub(super) fn matches(&self, path: &str) -> bool {
        let mut segments = path.strip_prefix('/').unwrap_or(path).split('/');
        let all = self
            .0
            .iter()
            .all(|segment| match (segment, segments.next()) {
                (Segment::Literal(text), Some(given)) => text == given,
                (Segment::Parameter(_), Some(given)) => !given.is_empty(),
                (_, None) => false,
            });
        all && segments.next().is_none()
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|segment| match segment {
            Segment::Literal(text) => write!(formatter, "/{text}"),
            Segment::Parameter(name) => write!(formatter, "/{{{name}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_has_a_value_for_each_parameter() {
        let template = Template::parse("/a/{x}/things/").unwrap();
        assert!(template.matches("/a/1/things"));
        for path in ["/a/things", "/a//things", "/b/1/things", "/a/1/things/2"] {
            assert!(!template.matches(path), "{path}");
        }
        assert_eq!(Template::parse("/a/{x}.json"), None);
    }

    #[test]
    fn a_value_in_a_path_is_encoded() {
        assert_eq!(encode("a/b ñ"), "a%2Fb%20%C3%B1");
    }
}
