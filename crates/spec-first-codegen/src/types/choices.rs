//! Choices between schemas: `oneOf`, `anyOf`, several types, and the subtypes of a type with a discriminator.

use serde_json::Value;
use spec_first_document::survey::{Part, Site, component_pointer};
use spec_first_document::{Node, Pointer};

use super::flat::Flat;
use super::model::{Builder, Task, simple};
use super::names::{Names, type_name, variant_name};
use super::shapes::{Branch, Content, Enum, Shape, Union};

impl<'a> Builder<'a> {
    pub(super) fn add_supertypes(&mut self, pointer: &Pointer, node: Node<'a>) {
        for supertype in node.items_of("allOf").iter().filter_map(Node::reference) {
            self.subtypes
                .entry(supertype)
                .or_default()
                .push(pointer.clone());
        }
    }

    /// The components that a component with a discriminator is a choice between: those that its mapping names and those that
    /// contain it.
    pub(super) fn subtypes_of(&self, pointer: &Pointer, discriminator: Node<'a>) -> Vec<Site<'a>> {
        let mapping = discriminator.entries_of("mapping");
        let mapped = mapping.iter().filter_map(|entry| target_of(entry.value));
        let containing = self.subtypes.get(pointer).into_iter().flatten().cloned();
        let mut subtypes: Vec<Site<'a>> = Vec::new();
        for subtype in mapped.chain(containing) {
            let is_known = |site: &Site<'a>| site.pointer == subtype;
            if !self.components.contains_key(&subtype) || subtypes.iter().any(is_known) {
                continue;
            }
            if let Some(node) = self.document.node(&subtype) {
                subtypes.push(Site {
                    pointer: subtype,
                    node,
                });
            }
        }
        // Alone, it is a type like any other.
        match subtypes.iter().all(|site| site.pointer == *pointer) {
            true => Vec::new(),
            false => subtypes,
        }
    }

    /// A component and those that contain it, however deep.
    fn family(&self, pointer: &Pointer) -> Vec<Pointer> {
        let mut family = vec![pointer.clone()];
        let mut next = 0;
        while let Some(member) = family.get(next).cloned() {
            for subtype in self.subtypes.get(&member).into_iter().flatten() {
                if !family.contains(subtype) {
                    family.push(subtype.clone());
                }
            }
            next += 1;
        }
        family
    }

    /// The texts that a choice is between, where it is written as a choice of constants.
    pub(super) fn texts_of(&self, choice: &[Site<'a>]) -> Option<Enum> {
        let mut texts = Enum {
            values: Vec::new(),
            is_open: false,
        };
        for branch in choice {
            if branch.node.get("$ref").is_some() {
                return None;
            }
            let flat = Flat::briefly_of(self.document, &branch.pointer, branch.node);
            match flat.values {
                Some(values) => {
                    for value in values {
                        texts.values.push(value.as_str()?.to_owned());
                    }
                }
                None if simple(flat.types?.first().copied(), &Flat::default())
                    == Some(Shape::Text) =>
                {
                    texts.is_open = true;
                }
                None => return None,
            }
        }
        (!texts.values.is_empty()).then_some(texts)
    }

    pub(super) fn union(&mut self, name: &str, base: &Flat<'a>, choice: &[Site<'a>]) -> Union {
        let discriminator = base.discriminator;
        let mut union = Branches::default();
        for (number, site) in choice.iter().enumerate() {
            let component = site.node.reference().unwrap_or(site.pointer.clone());
            let component = Some(component).filter(|to| self.components.contains_key(to));
            let title = site.node.str_of("title");
            let shape = match base.properties.is_empty() {
                true => self.shape(&site.pointer, site.node).not_null().clone(),
                false => self.branch_with_base(name, number, base, site),
            };
            let own = match (&component, title) {
                (Some(component), _) => self.components.get(component).cloned(),
                (None, Some(title)) => Some(variant_name(title)),
                (None, None) => None,
            };
            let variant = own.unwrap_or_else(|| match &shape {
                Shape::Named(_) => format!("Variant{number}"),
                other => variant_of(other).to_owned(),
            });
            let discriminator = discriminator.and_then(|discriminator| {
                let property = discriminator.str_of("propertyName")?;
                let flat = Flat::of(self.document, &site.pointer, site.node);
                let values = self.selected_by(discriminator, property, component.as_ref(), &flat);
                Some((property.to_owned(), values))
            });
            union.push(variant, shape, discriminator);
        }
        union.finish()
    }

    pub(super) fn union_of_subtypes(
        &mut self,
        name: &str,
        pointer: &Pointer,
        flat: Flat<'a>,
        mut choice: Vec<Site<'a>>,
    ) -> Union {
        let base = Flat {
            discriminator: flat.discriminator,
            ..Flat::default()
        };
        choice.retain(|site| site.pointer != *pointer);
        let mut union = self.union(name, &base, &choice);
        if let Some(discriminator) = self.selected_as_itself(pointer, &flat) {
            let name = self.names.claim(format!("{name}Base"));
            let node = self.document.node(pointer).unwrap_or(self.document.root());
            let shape = self.define_as(name, node, Content::Newtype(Shape::Any));
            self.wait_for(&shape, pointer, flat, Task::Struct);
            union.branches.push(Branch {
                variant: "Base".to_owned(),
                shape,
                discriminator: Some(discriminator),
                is_boxed: false,
            });
        }
        union
    }

    /// The discriminator of a supertype, and its values in objects of the supertype itself: those that are mapped to it, or its name.
    /// `None` if the discriminator is an enum without that name, as there are no such objects.
    fn selected_as_itself(
        &self,
        pointer: &Pointer,
        flat: &Flat<'a>,
    ) -> Option<(String, Vec<String>)> {
        let discriminator = flat.discriminator?;
        let property = discriminator.str_of("propertyName")?;
        let mapped = mapped_to(discriminator, pointer);
        if !mapped.is_empty() {
            return Some((property.to_owned(), mapped));
        }
        let name = pointer.last()?;
        let mut properties = flat.properties.iter();
        let (_, member) = properties.find(|(name, _)| *name == property)?;
        let values = member.brief(self.document).values;
        let is_listed = values.is_none_or(|values| values.contains(&Value::from(name.as_str())));
        is_listed.then(|| (property.to_owned(), vec![name]))
    }

    /// A branch together with the properties beside the choice.
    fn branch_with_base(
        &mut self,
        name: &str,
        number: usize,
        base: &Flat<'a>,
        site: &Site<'a>,
    ) -> Shape {
        let mut flat = Flat {
            choices: Vec::new(),
            is_nullable: false,
            ..base.clone()
        };
        flat.add(self.document, &site.pointer, site.node);
        if flat.choices.len() > 1 {
            return Shape::Any;
        }
        let title = site.node.str_of("title").map(str::to_owned);
        let own = site.node.reference().and_then(|reference| reference.last());
        let own = title.or(own).unwrap_or_else(|| format!("Variant{number}"));
        let name = self.names.claim(type_name(&format!("{name} {own}")));
        let shape = self.define_as(name, site.node, Content::Newtype(Shape::Any));
        let task = match flat.choices.as_slice() {
            [choice] => Task::Union(choice.clone()),
            _ => Task::Struct,
        };
        self.wait_for(&shape, &site.pointer, flat, task);
        shape
    }

    /// The values of the discriminator that select a branch.
    fn selected_by(
        &self,
        discriminator: Node<'a>,
        property: &str,
        component: Option<&Pointer>,
        flat: &Flat<'a>,
    ) -> Vec<String> {
        let family = component.map(|component| self.family(component));
        let family = family.unwrap_or_default();
        let mapped = family.iter().map(|member| mapped_to(discriminator, member));
        let mut values: Vec<String> = mapped.flatten().collect();
        let own = flat.properties.iter().find(|(name, _)| *name == property);
        if let Some((_, member)) = own {
            let own = member.brief(self.document);
            if let Some([value]) = own.values.as_deref() {
                values.push(text_of(value));
            }
        }
        if values.is_empty() {
            values.extend(family.iter().filter_map(Pointer::last));
        }
        values
    }

    pub(super) fn union_of_types(
        &mut self,
        name: &str,
        pointer: &Pointer,
        flat: &Flat<'a>,
        types: &[&'a str],
    ) -> Union {
        let mut union = Branches::default();
        for kind in types {
            let flat = Flat {
                types: Some(vec![kind]),
                ..flat.clone()
            };
            let shape = match simple(Some(kind), &flat) {
                Some(shape) => shape,
                None if *kind == "object" && !flat.properties.is_empty() => {
                    let name = self.names.claim(type_name(&format!("{name} object")));
                    let node = self.document.node(pointer).unwrap_or(self.document.root());
                    let shape = self.define_as(name, node, Content::Newtype(Shape::Any));
                    self.wait_for(&shape, pointer, flat, Task::Struct);
                    shape
                }
                None => self.collection(Some(kind), &flat),
            };
            let variant = match shape {
                Shape::Named(_) => "Object",
                ref other => variant_of(other),
            };
            union.push(variant.to_owned(), shape, None);
        }
        union.finish()
    }
}

/// The component that a value of `mapping` names.
fn target_of(mapped: Node<'_>) -> Option<Pointer> {
    let text = mapped.as_str()?;
    match text.starts_with('#') {
        true => Pointer::parse(text),
        false => Some(component_pointer(Part::Schema, text)),
    }
}

/// The values of the discriminator that its mapping has for a component.
fn mapped_to(discriminator: Node<'_>, component: &Pointer) -> Vec<String> {
    let mapping = discriminator.entries_of("mapping").iter();
    let mapped = mapping.filter(|entry| target_of(entry.value).as_ref() == Some(component));
    mapped.map(|entry| entry.key.to_owned()).collect()
}

#[derive(Default)]
struct Branches {
    branches: Vec<Branch>,
    names: Names,
}

impl Branches {
    fn push(
        &mut self,
        variant: String,
        shape: Shape,
        discriminator: Option<(String, Vec<String>)>,
    ) {
        let same = self
            .branches
            .iter_mut()
            .find(|branch| branch.shape == shape);
        if let Some(same) = same {
            if let (Some((_, values)), Some((_, more))) = (&mut same.discriminator, discriminator) {
                values.extend(more);
            }
            return;
        }
        self.branches.push(Branch {
            variant: self.names.claim(variant),
            shape,
            discriminator,
            is_boxed: false,
        });
    }

    fn finish(self) -> Union {
        Union {
            branches: self.branches,
        }
    }
}

/// The name of the variant for a type without a name.
fn variant_of(shape: &Shape) -> &'static str {
    match shape {
        Shape::Any => "Value",
        Shape::Boolean => "Boolean",
        Shape::Integer => "Int64",
        Shape::Unsigned => "Uint64",
        Shape::Number => "Number",
        Shape::Text => "String",
        Shape::Secret => "Secret",
        Shape::Timestamp => "Timestamp",
        Shape::Replaced(_) | Shape::Named(_) => "Value",
        Shape::List(_) => "Array",
        Shape::Map(_) => "Object",
        Shape::Nullable(inner) => variant_of(inner),
    }
}

pub(super) fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
