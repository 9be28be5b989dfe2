//! The resources of a collection: what the document says about them, what they start with, and how they are identified.

use std::{collections::HashSet, sync::Arc};

use serde_json::{Map, Value};
use spec_first_document::{Direction, Document, Pointer};

use crate::contract::{
    Contract,
    generation::{Strategy, generate},
    mock_resource::Action,
    place::Place,
    request_body::RequestBody,
    responses::Response,
    sample::sample_of,
    shape::{Members, at_slot, is_silent, plain, within},
    validation::Schema,
};

use super::{
    filling::{Identifiers, text_of, typed},
    plan::{Candidate, Parent, Template},
    store::Collection,
};

/// The resources of a collection, or of one collection for each value of the parameters in its path.
#[derive(Debug)]
pub(super) struct Resource {
    /// The path of the collection as the document writes it.
    pub(super) path: String,
    template: Template,
    document: Arc<Document>,
    /// Chooses among generated values.
    pub(super) seed: u64,
    /// Whether `POST` creates resources.
    pub(super) is_creatable: bool,
    /// Whether the path of the collection is that of its only resource, such as `/settings`.
    pub(super) is_only_one: bool,
    /// The end of the path of a resource, after its identifier.
    pub(super) end: &'static str,
    /// The member that identifies a resource.
    pub(super) id: Option<String>,
    /// The schema of the path parameter that identifies a resource.
    parameter: Option<Schema>,
    /// The schema of the member that identifies a resource.
    member: Option<Schema>,
    /// The members that clients cannot set.
    pub(super) read_only: HashSet<String>,
    pub(super) list: Option<Shape>,
    pub(super) read: Option<Shape>,
    pub(super) create: Option<Shape>,
    /// The schema of what is sent, if no response describes the resource.
    sent: Option<Pointer>,
}

/// What a request may say of a resource.
#[derive(Debug, Default)]
pub(super) struct Sendable<'a> {
    /// Whether it can only be a list of resources.
    is_list: bool,
    /// The member of the request that holds the resource.
    pub(super) holder: Option<&'a str>,
    /// Empty if it may be anything.
    pub(super) members: Members<'a>,
}

/// A response in JSON, and where in it the resource or the list is.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) response: Arc<Response>,
    /// The names on the way from the body to the resource or the list.
    pub(super) slot: Vec<String>,
}

impl Resource {
    pub(super) fn of(contract: &Contract, candidates: &[Candidate<'_>]) -> Self {
        let shape = |action| {
            let mut with_action = candidates.iter().filter(|it| it.action == action);
            with_action.find_map(|it| it.shape.clone())
        };
        let (list, create) = (shape(Action::List), shape(Action::Create));
        let change = || shape(Action::Update).or_else(|| shape(Action::Replace));
        let read = shape(Action::Read).or_else(|| change().filter(|_| list.is_none()));
        let name = candidates.iter().find_map(|it| it.id.as_deref());
        let parameter = candidates.iter().find_map(|it| {
            let wanted = ("path", it.id.as_deref()?);
            let mut parameters = it.operation.parameters.iter();
            parameters
                .find(|parameter| parameter.location() == wanted)?
                .schema()
                .cloned()
        });
        let mut says = candidates.iter();
        let said = says.find_map(|it| it.operation.mock_resource.id.clone());
        let collection = &candidates[0].collection;
        let shapes = [&read, &create, &list].into_iter().flatten();
        let described: Vec<_> = shapes.filter_map(Shape::resource).collect();
        let is_described = described.iter().any(|it| !is_silent(it));
        let mut sends = candidates.iter().filter(|_| !is_described);
        let sent = sends.find_map(|it| it.operation.body.as_ref()?.schema());
        let sent = sent.and_then(|schema| Place::at(&contract.document, schema.pointer()));
        let id = said.or_else(|| {
            let mut schemas = described.iter().chain(&sent);
            schemas
                .find_map(|it| id_member(&Members::of(it), name, collection.last_literal()))
                .or_else(|| sent.is_some().then(|| "id".to_owned()))
        });
        let sent = sent.map(|schema| schema.pointer);
        let is_only_one = read.is_some() && candidates.iter().all(|it| it.id.is_none());
        let mut paths = candidates
            .iter()
            .filter(|it| it.id.is_some() || is_only_one);
        let is_open = paths.any(|it| it.operation.documented().path.ends_with('/'));
        let mut resource = Self {
            path: collection.to_string(),
            template: collection.clone(),
            document: Arc::clone(&contract.document),
            seed: contract.seed,
            is_creatable: candidates.iter().any(|it| it.action == Action::Create),
            is_only_one,
            end: if is_open { "/" } else { "" },
            id: id.filter(|_| !is_only_one),
            parameter,
            member: None,
            read_only: HashSet::new(),
            list,
            read,
            create,
            sent,
        };
        let described: Vec<_> = resource.schemas().map(|it| Members::of(&it)).collect();
        let members = described.iter().flat_map(|members| &members.all);
        let read_only = members.filter(|member| member.is_read_only());
        let read_only = read_only.map(|member| member.name.to_owned()).collect();
        let id = resource.id.as_deref().unwrap_or_default();
        let id = described.iter().find_map(|members| members.get(id));
        let member = id.map(|member| {
            let (document, pointer) = (Arc::clone(&contract.document), &member.schema.pointer);
            Schema::of(document, pointer.clone(), Direction::Response, false)
        });
        (resource.read_only, resource.member) = (read_only, member);
        resource
    }

    /// The schema of what is sent, if no response describes the resource.
    fn sent(&self) -> Option<Place<'_>> {
        Place::at(&self.document, self.sent.as_ref()?)
    }

    /// The schemas that describe the resource, the most complete first.
    pub(super) fn schemas(&self) -> impl Iterator<Item = Place<'_>> {
        let shapes = [&self.read, &self.create, &self.list];
        let described = shapes.into_iter().flatten().filter_map(Shape::resource);
        self.sent().into_iter().chain(described)
    }
}

impl Shape {
    pub(super) fn of(response: &Arc<Response>, slot: Vec<String>) -> Self {
        let response = Arc::clone(response);
        Self { response, slot }
    }

    /// The schema of the resource, or of the items of the list.
    pub(super) fn resource(&self) -> Option<Place<'_>> {
        let schema = within(self.response.json_schema()?, &self.slot)?;
        let items = Members::of(&schema).items;
        Some(items.unwrap_or(schema))
    }

    /// What the examples of the document have in the slot.
    fn examples(&self) -> impl Iterator<Item = Value> {
        let examples = self.response.json_examples_given();
        examples.filter_map(|example| at_slot(&mut example.clone(), &self.slot).map(Value::take))
    }

    /// The resource in the body that is sent without state, or else one made from its schema.
    pub(super) fn generated(&self, seed: u64) -> Option<Value> {
        let body = self.response.json_example().cloned();
        let shown = body.and_then(|mut body| Some(at_slot(&mut body, &self.slot)?.take()));
        let resource = match shown {
            Some(Value::Array(items)) => items.into_iter().next(),
            resource => resource,
        };
        let resource = resource.filter(Value::is_object);
        resource.or_else(|| generate(&self.resource()?, Strategy::first(seed)))
    }
}

impl Resource {
    /// The member that identifies this resource, and its value.
    pub(super) fn id_of(&self, resource: &Map<String, Value>) -> Option<(String, Value)> {
        let (name, value) = resource.get_key_value(self.id.as_ref()?)?;
        Some((name.clone(), value.clone()))
    }

    /// Whether a body has the member that identifies a resource.
    pub(super) fn is_identified_by(&self, body: &RequestBody) -> bool {
        let sendable = self.sendable(body);
        let id = self.id.as_ref().and_then(|id| sendable.members.get(id));
        id.is_some_and(|id| !id.is_read_only() && !sendable.is_list)
    }

    /// The members that hold a resource in responses, and so in requests.
    pub(super) fn holders(&self) -> impl Iterator<Item = &str> {
        let shapes = [&self.create, &self.read].into_iter().flatten();
        shapes.filter_map(|shape| match shape.slot.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        })
    }

    /// What a request with such a body may say of a resource.
    pub(super) fn sendable<'a>(&'a self, body: &RequestBody) -> Sendable<'a> {
        let schema = body.schema();
        let schema = schema.and_then(|schema| Place::at(&self.document, schema.pointer()));
        let members = schema.as_ref().map(Members::of).unwrap_or_default();
        if let Some(items) = &members.items {
            return Sendable {
                is_list: members.all.is_empty(),
                holder: None,
                members: Members::of(items),
            };
        }
        let is_held = |name: &str| {
            let member = members.get(name);
            member.is_some_and(|it| Members::of(&it.schema).is_object())
        };
        let is_described = |name: &str| {
            let mut described = self.schemas();
            described.any(|it| is_silent(&it) || Members::of(&it).get(name).is_some())
        };
        let only = || {
            let only = members.all.first().filter(|_| members.all.len() == 1)?;
            Some(only.name).filter(|name| is_held(name) && !is_described(name))
        };
        let holder = self.holders().find(|name| is_held(name)).or_else(only);
        match holder.and_then(|name| members.get(name)) {
            Some(member) => Sendable {
                is_list: false,
                holder: Some(member.name),
                members: Members::of(&member.schema),
            },
            None => Sendable {
                is_list: false,
                holder: None,
                members,
            },
        }
    }

    /// The members of a resource as the document shows it that a request cannot send.
    pub(super) fn unsent(&self, sendable: Option<&Sendable<'_>>) -> Map<String, Value> {
        let shape = [&self.read, &self.create, &self.list];
        let shape = shape.into_iter().flatten().next();
        let shown = shape.and_then(|shape| shape.generated(self.seed));
        let Some(Value::Object(mut shown)) = shown else {
            return Map::new();
        };
        let Some(sendable) = sendable else {
            return shown;
        };
        if sendable.members.all.is_empty() {
            return Map::new();
        }
        shown.retain(|name, _| sendable.members.get(name).is_none());
        shown
    }

    /// Whether `path` is a collection of this resource.
    pub(super) fn has_collection(&self, path: &str) -> bool {
        self.template.matches(path)
    }

    /// Whether there is only one collection.
    pub(super) fn is_at_top(&self) -> bool {
        self.template.parameters().next().is_none()
    }

    /// The last word of the path of the collection.
    pub(super) fn name(&self) -> &str {
        self.template.last_literal()
    }

    /// What the identifiers of new resources look like.
    pub(super) fn identifiers(&self) -> Identifiers {
        let schema = self.member.as_ref().or(self.parameter.as_ref());
        Identifiers::of(schema.and_then(Schema::place).as_ref())
    }

    /// Gives a new resource an identifier that is neither in the collection nor `taken`, and returns it.
    pub(super) fn identify(
        &self,
        created: &mut Map<String, Value>,
        identifiers: &Identifiers,
        collection: &mut Collection,
        taken: &HashSet<String>,
    ) -> String {
        let is_slug = self.id.as_ref().is_some_and(|id| plain(id) == "slug");
        let mut titles = ["title", "name"].iter().filter(|_| is_slug);
        let slug = titles.find_map(|name| slug(created.get(*name)?.as_str()?));
        loop {
            collection.last += 1;
            let mut identifiers = identifiers.numbered(collection.last);
            if let Some(slug) = &slug {
                let another = format!("{slug}-{}", collection.last);
                identifiers.splice(..0, [slug.as_str().into(), another.into()]);
            }
            let mut free = identifiers.into_iter().filter(|value| {
                let key = text_of(value);
                key.is_some_and(|key| {
                    !taken.contains(&key) && !collection.entries.contains_key(&key)
                })
            });
            let first = free.next();
            let mut fitting = first.iter().cloned().chain(free);
            let Some(chosen) = fitting.find(|value| self.accepts(value)).or(first.clone()) else {
                continue;
            };
            let key = text_of(&chosen).unwrap_or_default();
            if let (Some(id), true) = (&self.id, self.member.is_some() || self.sent.is_some()) {
                created.insert(id.clone(), chosen);
            }
            return key;
        }
    }

    /// Whether a resource can have this identifier, and a request can have it in its path.
    fn accepts(&self, value: &Value) -> bool {
        let is_valid = |schema: &Option<Schema>, value: &Value| {
            let schema = schema.as_ref();
            schema.is_none_or(|it| it.violations(value, None).is_ok_and(|it| it.is_empty()))
        };
        let is_in_path = |value: &Value| is_valid(&self.parameter, value);
        is_valid(&self.member, value)
            && (is_in_path(value) || text_of(value).is_some_and(|text| is_in_path(&text.into())))
    }

    /// The resource with any identifier, if the document has no operation that creates or lists them.
    pub(super) fn made(&self, key: &str, parents: &[Parent<'_>]) -> Option<Map<String, Value>> {
        if self.is_creatable || self.list.is_some() {
            return None;
        }
        let (_, mut made) = self.seeds(parents).into_iter().next()?;
        let schema = self.schemas().next()?;
        let id = self.id.as_ref().and_then(|id| {
            let value = typed(&Members::of(&schema).get(id)?.schema, key)?;
            Some((id.clone(), value))
        });
        made.extend(id);
        Some(made)
    }

    /// The resources that a collection starts with: those in the examples of the document, or else one made from its schemas.
    pub(super) fn seeds(&self, parents: &[Parent<'_>]) -> Vec<(String, Map<String, Value>)> {
        let sample = || match self.is_only_one {
            true => Some(self.name().into()),
            false => sample_of(&self.document, self.parameter.as_ref()?),
        };
        let mut found = Vec::new();
        // Further lists are alternatives to the first one.
        let list = self.list.as_ref().and_then(|shape| shape.examples().next());
        let is_given = list.is_some();
        let items = match list {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let read = self.read.iter().flat_map(|shape| shape.examples());
        for value in items.into_iter().chain(read) {
            let Value::Object(resource) = value else {
                continue;
            };
            let id = self.id.as_ref().and_then(|id| resource.get(id)).cloned();
            found.extend(
                id.or_else(sample)
                    .and_then(|id| Some((text_of(&id)?, resource))),
            );
        }
        if found.is_empty()
            && !is_given
            && let Some(shape) = self.read.as_ref().or(self.list.as_ref())
            && let Some(Value::Object(mut resource)) = match self.sent() {
                Some(sent) => generate(&sent, Strategy::first(self.seed)),
                None => shape.generated(self.seed),
            }
        {
            let own = self.id.as_ref().and_then(|id| resource.get(id)).cloned();
            let own = own.filter(|own| self.accepts(own));
            if let Some(id) = own.or_else(sample) {
                if let Some(member) = self
                    .id
                    .as_ref()
                    .filter(|member| self.sent.is_some() || resource.contains_key(*member))
                {
                    resource.insert(member.clone(), id.clone());
                }
                found.extend(text_of(&id).map(|key| (key, resource)));
            }
        }
        if self.is_only_one {
            // Further examples are alternatives to the first one.
            found.truncate(1);
        }
        for schema in self.schemas().take(1) {
            let members = Members::of(&schema).all;
            for parent in parents {
                let mut named = members.iter().filter(|member| parent.is_in(member.name));
                let Some((name, value)) = named
                    .find_map(|member| Some((member.name, typed(&member.schema, parent.value)?)))
                else {
                    continue;
                };
                for (_, resource) in &mut found {
                    resource.insert(name.to_owned(), value.clone());
                }
            }
        }
        found
    }
}

/// The words of a title as they are written in a path; `None` if it has none.
fn slug(title: &str) -> Option<String> {
    let words = title.split(|it: char| !it.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    let slug = words.collect::<Vec<_>>().join("-");
    Some(slug).filter(|slug| !slug.is_empty())
}

/// The member that identifies a resource: named as the path parameter, or as the end of its name.
fn id_member(members: &Members<'_>, parameter: Option<&str>, collection: &str) -> Option<String> {
    let names = || members.all.iter().map(|member| member.name);
    let parameter = plain(parameter.unwrap_or("id"));
    let collection = plain(collection);
    let is_exact = |name: &&str| plain(name) == parameter;
    let is_prefixed = |name: &&str| {
        let name = plain(name);
        let owner = name.strip_suffix(&parameter);
        owner.is_some_and(|owner| !owner.is_empty() && collection.starts_with(owner))
    };
    let is_end = |name: &&str| parameter.ends_with(&plain(name));
    let found = names().find(is_exact).or_else(|| names().find(is_prefixed));
    let found = found.or_else(|| names().filter(is_end).max_by_key(|name| name.len()));
    let usual = || names().find(|name| ["id", "uuid", "guid"].contains(&&*plain(name)));
    found.or_else(usual).map(str::to_owned)
}
