//! Walks a document once and records every object by kind, with the direction in which its values are sent.
//!
//! The walk follows the structure of the specification rather than key names, so a property called `schema`, an example
//! called `default` or an extension is never mistaken for something else.

mod sites;
mod walk;

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxHashMap;

pub use crate::grammar::Part;
use crate::grammar::{WRONG_VALUE, WRONG_VALUE_HELP};
use crate::references::{Unresolved, circular, follow};
use crate::{Document, Entries, Entry, Finding, Node, Pointer, Version};
pub use sites::{MediaTypeSite, OperationSite, Reference, Role, SchemaSite, Site, Travels};

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
    /// The values where an object, a list or a reference belongs and which are something else, each with what is wrong.
    pub misplaced: BTreeMap<Pointer, String>,
    is_3_1: bool,
    components: HashMap<String, Entry<'a>>,
    reach: HashMap<&'a str, Travels>,
    /// Many references have the same text.
    targets: FxHashMap<&'a str, Target<'a>>,
}

/// Where a reference leads, by its text.
#[derive(Debug)]
struct Target<'a> {
    site: Option<Site<'a>>,
    /// The name of the component schema that it points to or into.
    component: Option<&'a str>,
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
            misplaced: BTreeMap::new(),
            is_3_1: document.is_3_1(),
            components: HashMap::new(),
            reach: HashMap::new(),
            targets: FxHashMap::default(),
        };
        for kind in survey.kinds() {
            for entry in survey.section(kind) {
                let pointer = component_pointer(kind, entry.key);
                survey.components.insert(pointer.as_str().to_owned(), entry);
            }
        }
        survey.walk_document();
        survey.find_targets();
        survey.collect_operations();
        survey.propagate_travels();
        survey
    }

    /// The kinds that can be components in this version.
    pub fn kinds(&self) -> impl Iterator<Item = Part> + use<> {
        Part::components(self.document.version().unwrap_or(Version::V3_0))
    }

    /// The components of a kind, as written.
    pub fn section(&self, kind: Part) -> Entries<'a> {
        let components = self.document.root().get("components");
        let section = components.and_then(|components| components.get(kind.section()));
        section.map(Node::entries).unwrap_or_default()
    }

    /// The component of a kind with this name.
    pub fn component(&self, kind: Part, name: &str) -> Option<Node<'a>> {
        self.components
            .get(component_pointer(kind, name).as_str())
            .map(|component| component.value)
    }

    /// The target of a local reference.
    pub fn target(&self, reference: &str) -> Option<(Pointer, Node<'a>)> {
        if let Some(target) = self.targets.get(reference) {
            let site = target.site.as_ref()?;
            return Some((site.pointer.clone(), site.node));
        }
        let site = self.find(&local(reference)?)?;
        Some((site.pointer, site.node))
    }

    fn find(&self, pointer: &Pointer) -> Option<Site<'a>> {
        let node = match self.components.get(pointer.as_str()) {
            Some(component) => component.value,
            None => self.document.node(pointer)?,
        };
        let pointer = pointer.clone();
        Some(Site { pointer, node })
    }

    fn find_targets(&mut self) {
        let mut targets = FxHashMap::default();
        for reference in &self.references {
            targets.entry(reference.target).or_insert_with(|| {
                let pointer = local(reference.target);
                Target {
                    site: pointer.as_ref().and_then(|pointer| self.find(pointer)),
                    component: pointer.and_then(|pointer| self.component_at(&pointer)),
                }
            });
        }
        self.targets = targets;
    }

    /// Follows references from `node` to the end; `None` if one is dangling or circular.
    pub fn resolve(&self, pointer: &Pointer, node: Node<'a>) -> Option<Site<'a>> {
        let (last, node) = self.follow(node)?;
        let pointer = match last {
            Some(reference) => self.target(reference)?.0,
            None => pointer.clone(),
        };
        Some(Site { pointer, node })
    }

    /// The schema at `node` with references resolved; `None` if one is dangling or circular.
    pub fn resolved(&self, node: Node<'a>) -> Option<Node<'a>> {
        self.follow(node).map(|(_, node)| node)
    }

    /// The last of the references from `node` on, if there is one, and where it leads.
    fn follow(&self, node: Node<'a>) -> Option<(Option<&'a str>, Node<'a>)> {
        let mut last = None;
        let step = |node: Node<'a>| {
            last = Some(node.get("$ref")?.as_str());
            let target = last.flatten().and_then(|text| self.node_of(text));
            Some(target.ok_or(Unresolved::Missing))
        };
        let node = follow(node, step).ok()?;
        Some((last.flatten(), node))
    }

    fn node_of(&self, reference: &str) -> Option<Node<'a>> {
        match self.targets.get(reference) {
            Some(target) => Some(target.site.as_ref()?.node),
            None => Some(self.target(reference)?.1),
        }
    }

    /// The references that cannot be followed, each with the reason. Of a chain of references only the one that is wrong counts.
    pub fn unresolved(&self) -> impl Iterator<Item = (&Reference<'a>, Unresolved)> {
        let starts = self.references.iter().map(|reference| reference.node.id());
        let tree = &self.document.tree;
        let circular = circular(starts, |node| {
            Some(self.node_of(tree.get_string(node, "$ref")?)?.id())
        });
        self.references.iter().filter_map(move |reference| {
            let why = if self.document.is_unread(reference.node) {
                Unresolved::Unread
            } else if self.node_of(reference.target).is_none() {
                Unresolved::Missing
            } else if circular.contains(&reference.node.id()) {
                Unresolved::Circular
            } else {
                return None;
            };
            Some((reference, why))
        })
    }

    /// What cannot be read: references that cannot be followed, and values that are not what belongs in their place.
    pub fn unreadable(&self) -> Vec<Finding> {
        let document = self.document;
        let unresolved = self.unresolved().map(|(reference, why)| {
            let place = reference.pointer.child("$ref");
            let message = why.message(reference.target);
            document.finding(why.rule(), &place, message, why.help())
        });
        let misplaced = self.misplaced.iter().map(|(place, message)| {
            document.finding(WRONG_VALUE, place, message, WRONG_VALUE_HELP)
        });
        unresolved.chain(misplaced).collect()
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
        let reference = node.str_of("$ref")?;
        match self.targets.get(reference) {
            Some(target) => target.component,
            None => self.component_at(&local(reference)?),
        }
    }

    fn component_at(&self, pointer: &Pointer) -> Option<&'a str> {
        let mut segments = pointer.segments();
        if segments.next()? != "components" || segments.next()? != Part::Schema.section() {
            return None;
        }
        let pointer = component_pointer(Part::Schema, &segments.next()?);
        Some(self.components.get(pointer.as_str())?.key)
    }

    /// The name of the component schema in a discriminator `mapping` value, which is a reference or a bare name.
    pub fn mapped(&self, text: &'a str) -> Option<&'a str> {
        let name = text.strip_prefix("#/components/schemas/").unwrap_or(text);
        self.component(Part::Schema, name).is_some().then_some(name)
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

/// The pointer in a reference to the document itself.
fn local(reference: &str) -> Option<Pointer> {
    Pointer::parse(reference).filter(|_| reference.starts_with('#'))
}

/// The pointer to a component.
pub fn component_pointer(kind: Part, name: &str) -> Pointer {
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
    Pet: {properties: {schema: {$ref: '#/components/schemas/Pet'}, name: {type: string}, none: false}}
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
    fn what_nobody_needs_may_be_written_wrongly() {
        let unreadable = |headers: &str| {
            let response = format!(
                "{{headers: {headers}, links: [1], content: {{application/json: {{examples: [1]}}}}}}"
            );
            let text = format!("paths: {{/pets: {{get: {{responses: {{'200': {response}}}}}}}}}");
            let document = Document::parse("pets.yaml", &text).unwrap();
            let unreadable = Survey::of(&document).unreadable();
            let places = unreadable.iter().map(|finding| finding.pointer.to_string());
            places.collect::<Vec<_>>()
        };
        assert_eq!(unreadable("{}"), [""; 0]);
        let headers = "#/paths/~1pets/get/responses/200/headers";
        assert_eq!(unreadable("[1]"), [headers]);
    }

    #[test]
    fn references_are_followed_to_the_end() {
        let text = "
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/C/properties/d'}
    C: {properties: {d: {type: string}}}
    E: {$ref: '#/components/schemas/F'}
    F: {$ref: '#/components/schemas/G'}
    G: {$ref: '#/components/schemas/F'}
    H: {$ref: '#/components/schemas/I'}
";
        let document = Document::parse("pets.yaml", text).unwrap();
        let survey = Survey::of(&document);
        let end = |name: &str| {
            let node = survey.component(Part::Schema, name).unwrap();
            let end = survey.resolve(&Pointer::root(), node);
            assert_eq!(survey.resolved(node), end.as_ref().map(|end| end.node));
            end.map(|end| end.pointer.to_string())
        };
        let expected = Some("#/components/schemas/C/properties/d".to_owned());
        assert_eq!(end("A"), expected);
        assert_eq!(end("C"), Some("#".to_owned()));
        assert_eq!([end("E"), end("F"), end("H")], [None, None, None]);
        let named = |name: &str| survey.named_component(survey.component(Part::Schema, name)?);
        assert_eq!(
            [named("A"), named("B"), named("C")],
            [Some("B"), Some("C"), None]
        );
    }
}
