//! Walks a document once and records every object by kind, with the direction in which its values are sent.
//!
//! The walk follows the structure of the specification rather than key names, so a property called `schema`, an example
//! called `default` or an extension is never mistaken for something else.

mod sites;
mod walk;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use crate::{Document, Entries, Entry, Node, Pointer};
pub use sites::{Kind, MediaTypeSite, OperationSite, Reference, Role, SchemaSite, Site, Travels};

/// Every object in a document, by kind.
#[derive(Debug)]
pub struct Survey<'a> {
    /// The document.
    pub document: &'a Document,
    /// Every operation under `paths`.
    pub operations: Vec<OperationSite<'a>>,
    /// Every operation as written, including those in callbacks.
    pub written_operations: Vec<Site<'a>>,
    /// Every schema; outer schemas come before the ones they contain.
    pub schemas: Vec<SchemaSite<'a>>,
    /// Every parameter.
    pub parameters: Vec<Site<'a>>,
    /// Every `parameters` list of a path item or operation.
    pub parameter_lists: Vec<Site<'a>>,
    /// Every header with its name; header components have none.
    pub headers: Vec<(Option<&'a str>, Site<'a>)>,
    /// Every media type.
    pub media_types: Vec<MediaTypeSite<'a>>,
    /// Every request body.
    pub request_bodies: Vec<Site<'a>>,
    /// Every response.
    pub responses: Vec<Site<'a>>,
    /// Every named example.
    pub examples: Vec<Site<'a>>,
    /// Every link.
    pub links: Vec<Site<'a>>,
    /// Every server.
    pub servers: Vec<Site<'a>>,
    /// Every reference.
    pub references: Vec<Reference<'a>>,
    is_3_1: bool,
    components: HashMap<String, Entry<'a>>,
    reach: HashMap<&'a str, Travels>,
    addresses: OnceLock<Addresses>,
}

/// Schemas and references by pointer, as indices into the lists of the survey.
#[derive(Debug)]
struct Addresses {
    schemas: BTreeMap<Pointer, usize>,
    references: BTreeMap<Pointer, usize>,
}

impl Addresses {
    fn of(survey: &Survey<'_>) -> Self {
        fn numbered<'s>(pointers: impl Iterator<Item = &'s Pointer>) -> BTreeMap<Pointer, usize> {
            pointers.cloned().zip(0..).collect()
        }
        Self {
            schemas: numbered(survey.schemas.iter().map(|site| &site.pointer)),
            references: numbered(survey.references.iter().map(|site| &site.pointer)),
        }
    }
}

/// The objects at or inside `pointer`, in walk order.
fn within(addresses: &BTreeMap<Pointer, usize>, pointer: &Pointer) -> Vec<usize> {
    let mut inside: Vec<usize> = addresses
        .range(pointer..)
        .take_while(|(address, _)| address.as_str().starts_with(pointer.as_str()))
        .filter(|(address, _)| address.is_at_or_inside(pointer))
        .map(|(_, index)| *index)
        .collect();
    inside.sort_unstable();
    inside
}

impl<'a> Survey<'a> {
    /// Walks the whole document.
    pub fn of(document: &'a Document) -> Self {
        let mut survey = Self {
            document,
            operations: Vec::new(),
            written_operations: Vec::new(),
            schemas: Vec::new(),
            parameters: Vec::new(),
            parameter_lists: Vec::new(),
            headers: Vec::new(),
            media_types: Vec::new(),
            request_bodies: Vec::new(),
            responses: Vec::new(),
            examples: Vec::new(),
            links: Vec::new(),
            servers: Vec::new(),
            references: Vec::new(),
            is_3_1: document.is_3_1(),
            components: HashMap::new(),
            reach: HashMap::new(),
            addresses: OnceLock::new(),
        };
        for kind in survey.kinds() {
            for entry in survey.section(kind) {
                let pointer = component_pointer(kind, entry.key);
                survey.components.insert(pointer.as_str().to_owned(), entry);
            }
        }
        survey.walk_document();
        survey.collect_operations();
        survey.propagate_travels();
        survey
    }

    /// The kinds that can be components in this version.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> + use<> {
        let newer = self.is_3_1.then_some(Kind::PathItem);
        let newest = self.document.is_3_2().then_some(Kind::MediaType);
        Kind::COMPONENTS.into_iter().chain(newer).chain(newest)
    }

    /// The components of a kind, as written.
    pub fn section(&self, kind: Kind) -> Entries<'a> {
        let components = self.document.root().get("components");
        let section = components.and_then(|components| components.get(kind.section()));
        section.map(Node::entries).unwrap_or_default()
    }

    /// The component of a kind with this name.
    pub fn component(&self, kind: Kind, name: &str) -> Option<Node<'a>> {
        self.components
            .get(component_pointer(kind, name).as_str())
            .map(|component| component.value)
    }

    /// The target of a local reference.
    pub fn target(&self, reference: &str) -> Option<(Pointer, Node<'a>)> {
        let pointer = reference
            .starts_with('#')
            .then(|| Pointer::parse(reference))??;
        let node = match self.components.get(pointer.as_str()) {
            Some(component) => component.value,
            None => self.document.node(&pointer)?,
        };
        Some((pointer, node))
    }

    /// Follows references from `node` to the end; `None` if one is dangling or circular.
    pub fn resolve(&self, pointer: &Pointer, node: Node<'a>) -> Option<Site<'a>> {
        let mut site = Site {
            pointer: pointer.clone(),
            node,
        };
        let mut seen = HashSet::new();
        while let Some(reference) = site.node.get("$ref") {
            let (pointer, node) = self.target(reference.as_str()?)?;
            if !seen.insert(pointer.as_str().to_owned()) {
                return None;
            }
            site = Site { pointer, node };
        }
        Some(site)
    }

    /// The schema at `node` with references resolved; `None` if one is dangling or circular.
    pub fn resolved(&self, node: Node<'a>) -> Option<Node<'a>> {
        self.resolve(&Pointer::root(), node).map(|site| site.node)
    }

    /// Every schema inside `pointer` or reachable from there through references.
    pub fn schemas_reachable_from(&self, pointer: &Pointer) -> Vec<&SchemaSite<'a>> {
        let addresses = self.addresses.get_or_init(|| Addresses::of(self));
        let mut reached = Vec::new();
        let mut visited = BTreeSet::new();
        let mut waiting = vec![pointer.clone()];
        while let Some(pointer) = waiting.pop() {
            if visited.insert(pointer.clone()) {
                let schemas = within(&addresses.schemas, &pointer);
                reached.extend(schemas.into_iter().map(|index| &self.schemas[index]));
                let references = within(&addresses.references, &pointer).into_iter();
                let references = references.map(|index| &self.references[index]);
                waiting.extend(references.filter_map(|reference| reference.node.reference()));
            }
        }
        reached
    }

    /// The directions in which values of the schema are sent; none if the schema is unused.
    pub fn travels(&self, site: &SchemaSite<'a>) -> Travels {
        match site.component {
            Some(component) => self.reach.get(component).copied().unwrap_or_default(),
            None => site.travels,
        }
    }

    /// The component schemas that each component schema references.
    pub fn schema_graph(&self) -> BTreeMap<&'a str, Vec<&'a str>> {
        let mut graph: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for site in &self.schemas {
            if let (Some(component), Some(named)) =
                (site.component, self.named_component(site.node))
            {
                graph.entry(component).or_default().push(named);
            }
            let discriminator = site.node.get("discriminator").into_iter();
            for mapped in discriminator.flat_map(|it| it.entries_of("mapping")) {
                let named = mapped.value.as_str().and_then(|text| self.mapped(text));
                if let (Some(component), Some(named)) = (site.component, named) {
                    graph.entry(component).or_default().push(named);
                }
            }
        }
        graph
    }

    /// The name of the component schema that a reference points to or into.
    pub fn named_component(&self, node: Node<'a>) -> Option<&'a str> {
        let target = node.reference()?;
        let mut segments = target.segments();
        if segments.next()? != "components" || segments.next()? != Kind::Schema.section() {
            return None;
        }
        let pointer = component_pointer(Kind::Schema, &segments.next()?);
        let component = self.components.get(pointer.as_str())?;
        Some(component.key)
    }

    /// The name of the component schema in a discriminator `mapping` value, which is a reference or a bare name.
    pub fn mapped(&self, text: &'a str) -> Option<&'a str> {
        let name = text.strip_prefix("#/components/schemas/").unwrap_or(text);
        self.component(Kind::Schema, name).is_some().then_some(name)
    }

    fn propagate_travels(&mut self) {
        let mut queue: Vec<(&'a str, Travels)> = Vec::new();
        for site in self.schemas.iter().filter(|site| site.component.is_none()) {
            queue.extend(
                self.named_component(site.node)
                    .map(|name| (name, site.travels)),
            );
        }
        let graph = self.schema_graph();
        while let Some((name, travels)) = queue.pop() {
            if self.reach.entry(name).or_default().add(travels) {
                let next = graph.get(name).into_iter().flatten();
                queue.extend(next.map(|next| (*next, travels)));
            }
        }
    }
}

/// The pointer to a component.
pub fn component_pointer(kind: Kind, name: &str) -> Pointer {
    Pointer::root()
        .child("components")
        .child(kind.section())
        .child(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "
paths:
  /pets:
    post:
      requestBody: {$ref: '#/components/requestBodies/Pet'}
      responses:
        '200':
          content:
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Other'}}
              example: {schema: {no: schema}}
        default:
          content:
            application/json:
              schema: {properties: {example: {$ref: '#/components/schemas/Other'}}}
components:
  requestBodies:
    Pet: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  schemas:
    Pet: {properties: {schema: {$ref: '#/components/schemas/Pet'}, name: {type: string}}}
    Other: {}
";

    fn addresses<'s>(schemas: impl IntoIterator<Item = &'s SchemaSite<'s>>) -> Vec<String> {
        let schemas = schemas.into_iter();
        schemas.map(|schema| schema.pointer.to_string()).collect()
    }

    #[test]
    fn every_schema_is_found_once_and_examples_are_not_schemas() {
        let document = Document::parse("pets.yaml", DOCUMENT).unwrap();
        assert_eq!(
            addresses(&Survey::of(&document).schemas),
            [
                "#/paths/~1pets/post/responses/200/content/application~1json/schema",
                "#/paths/~1pets/post/responses/200/content/application~1json/schema/items",
                "#/paths/~1pets/post/responses/default/content/application~1json/schema",
                "#/paths/~1pets/post/responses/default/content/application~1json/schema/properties/example",
                "#/components/schemas/Pet",
                "#/components/schemas/Pet/properties/schema",
                "#/components/schemas/Pet/properties/name",
                "#/components/schemas/Other",
                "#/components/requestBodies/Pet/content/application~1json/schema",
            ]
        );
    }

    #[test]
    fn circular_references_are_followed_once() {
        let document = Document::parse("pets.yaml", DOCUMENT).unwrap();
        let survey = Survey::of(&document);
        let reachable_from = |pointer: &str| {
            addresses(survey.schemas_reachable_from(&Pointer::parse(pointer).unwrap()))
        };
        assert_eq!(
            reachable_from("/paths/~1pets/post/requestBody"),
            [
                "#/components/requestBodies/Pet/content/application~1json/schema",
                "#/components/schemas/Pet",
                "#/components/schemas/Pet/properties/schema",
                "#/components/schemas/Pet/properties/name",
            ]
        );
        assert_eq!(
            reachable_from("/paths/~1pets/post/responses/default"),
            [
                "#/paths/~1pets/post/responses/default/content/application~1json/schema",
                "#/paths/~1pets/post/responses/default/content/application~1json/schema/properties/example",
                "#/components/schemas/Other",
            ]
        );
    }
}
