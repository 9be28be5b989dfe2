//! Dangling, circular and misplaced references, and unused components.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use spec_first_document::references::Unresolved;
use spec_first_document::{Node, Pointer, Version};

use crate::{
    cycles::cycles,
    report::Report,
    survey::{Part, Reference, Role, Survey, component_pointer},
    words::{nearest, words},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for (reference, why) in survey.unresolved() {
        let target = reference.target;
        let name = target.rsplit('/').next().unwrap_or_default();
        let names = survey.section(reference.kind).iter();
        let help = match (why, nearest(name, names.map(|entry| entry.key))) {
            (Unresolved::Missing, Some(near)) => {
                let section = reference.kind.section();
                format!("did you mean `#/components/{section}/{near}`?")
            }
            _ => why.help().to_owned(),
        };
        report.add(
            why.rule(),
            &reference.pointer.child("$ref"),
            why.message(target),
            help,
        );
    }
    for reference in &survey.references {
        check_target(survey, reference, report);
    }
    circular_schemas(survey, report);
    unused_components(survey, report);
}

/// The name of a kind of object in messages.
fn noun(kind: Part) -> String {
    words(&format!("{kind:?}")).join(" ")
}

/// Reports a reference to something other than a component of the expected kind.
fn check_target(survey: &Survey<'_>, reference: &Reference<'_>, report: &mut Report<'_>) {
    let at = reference.pointer.child("$ref");
    let (target, noun) = (reference.target, || noun(reference.kind));
    let Some((pointer, _)) = survey.target(target) else {
        return;
    };
    let segments: Vec<String> = pointer.segments().collect();
    match segments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["components", section, _] if section == reference.kind.section() => {}
        ["components", section, ..]
            if section != reference.kind.section()
                && !is_inside(survey, reference.kind, &pointer) =>
        {
            report.add(
                "wrong-reference",
                &at,
                format!("expected a reference to a {}, found `{target}`", noun()),
                format!(
                    "reference a component in `#/components/{}`",
                    reference.kind.section()
                ),
            );
        }
        _ => {
            report.add(
                "indirect-reference",
                &at,
                format!("`{target}` points into another object, not to a component"),
                format!(
                    "move that {} to `components` and reference it there",
                    noun()
                ),
            );
        }
    }
}

/// Whether a place inside a component is of the expected kind, such as the schema of a parameter.
fn is_inside(survey: &Survey<'_>, kind: Part, place: &Pointer) -> bool {
    let is_deep = place.segments().nth(3).is_some();
    is_deep
        && match kind {
            Part::Schema => survey.schemas.iter().any(|site| site.pointer == *place),
            Part::Parameter => survey.parameters.iter().any(|site| site.pointer == *place),
            _ => false,
        }
}

/// The component schema that a reference leads to, and not to a part of it.
pub(super) fn whole_component<'a>(survey: &Survey<'a>, node: Node<'a>) -> Option<&'a str> {
    let (pointer, _) = survey.target(node.str_of("$ref")?)?;
    survey
        .named_component(node)
        .filter(|name| pointer == component_pointer(Part::Schema, name))
}

/// Reports schemas that contain themselves through `allOf`, `oneOf`, `anyOf` or `not`.
fn circular_schemas(survey: &Survey<'_>, report: &mut Report<'_>) {
    let mut edges: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut in_place = vec![false; survey.schemas.len()];
    let mut branches = vec![false; survey.schemas.len()];
    for (index, site) in survey.schemas.iter().enumerate() {
        let is_branch = matches!(site.role, Role::Branch { .. } | Role::Not);
        let parent = site.parent.map(|parent| in_place[parent]);
        in_place[index] =
            is_branch && parent.unwrap_or(false) || matches!(site.role, Role::Component(_));
        branches[index] = is_branch && in_place[index];
        if let (true, Some(from), Some(to)) = (
            in_place[index],
            site.component,
            whole_component(survey, site.node),
        ) {
            edges.entry(from).or_default().push(to);
        }
    }
    let cycles = cycles(&edges);
    for (index, site) in survey.schemas.iter().enumerate() {
        let (Some(component), Some(named)) = (site.component, whole_component(survey, site.node))
        else {
            continue;
        };
        let cycle = cycles.get(component);
        if branches[index] && cycle.is_some() && cycle == cycles.get(named) {
            report.add(
                "circular-reference",
                &site.pointer.child("$ref"),
                format!("`{component}` is a branch of itself"),
                "remove this branch, or move it to a property",
            );
        }
    }
}

/// Reports components that cannot be reached from outside `components`. Components used only by another unused
/// component are not reported.
fn unused_components(survey: &Survey<'_>, report: &mut Report<'_>) {
    let edges = edges(survey);
    let outside = String::new();
    let mut used = BTreeSet::new();
    collect_reachable(&edges, &outside, &mut used);
    let unused: Vec<(Part, Pointer)> = Part::components(Version::V3_0)
        .flat_map(|kind| {
            let entries = survey.section(kind).iter();
            entries.map(move |entry| (kind, component_pointer(kind, entry.key)))
        })
        .filter(|(_, pointer)| !used.contains(pointer.as_str()))
        .collect();
    let named: BTreeSet<&str> = unused
        .iter()
        .flat_map(|(_, pointer)| {
            let targets = edges.get(pointer.as_str()).into_iter().flatten();
            targets.filter(move |target| target.as_str() != pointer.as_str())
        })
        .map(String::as_str)
        .collect();
    let mut covered = BTreeSet::new();
    let (first, cycles): (Vec<_>, Vec<_>) = unused
        .iter()
        .partition(|(_, pointer)| !named.contains(pointer.as_str()));
    for (kind, pointer) in first.into_iter().chain(cycles) {
        if covered.contains(pointer.as_str()) {
            continue;
        }
        collect_reachable(&edges, pointer.as_str(), &mut covered);
        let name = pointer.last().unwrap_or_default();
        report.add(
            "unused-component",
            pointer,
            format!("the {} `{name}` is not used", noun(*kind)),
            "remove it, or reference it",
        );
    }
}

/// The components that each component references; references from elsewhere have the empty key.
fn edges(survey: &Survey<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |from: &Pointer, to: Option<String>| {
        edges
            .entry(owner(from).unwrap_or_default())
            .or_default()
            .extend(to);
    };
    for reference in &survey.references {
        let target = survey.target(reference.target);
        add(
            &reference.pointer,
            target.and_then(|(pointer, _)| owner(&pointer)),
        );
    }
    for site in &survey.schemas {
        let mapping = site
            .node
            .get("discriminator")
            .and_then(|discriminator| discriminator.get("mapping"));
        for mapped in mapping.map(Node::entries).unwrap_or_default() {
            let name = mapped.value.as_str().and_then(|text| survey.mapped(text));
            let target = name.map(|name| component_pointer(Part::Schema, name));
            add(
                &site.pointer,
                target.map(|pointer| pointer.as_str().to_owned()),
            );
        }
    }
    let root = survey.document.root();
    let requirements =
        std::iter::once(root).chain(survey.operations.iter().map(|site| site.operation.node));
    for requirement in requirements
        .filter_map(|holder| holder.get("security"))
        .flat_map(Node::items)
    {
        for entry in requirement.entries() {
            let scheme = component_pointer(Part::SecurityScheme, entry.key);
            add(&Pointer::root(), Some(scheme.as_str().to_owned()));
        }
    }
    edges
}

/// The component that contains the pointer.
fn owner(pointer: &Pointer) -> Option<String> {
    let rest = pointer.as_str().strip_prefix("/components/")?;
    let mut slashes = rest.match_indices('/').map(|(index, _)| index);
    let _section = slashes.next()?;
    let end = slashes.next().unwrap_or(rest.len());
    Some(format!("/components/{}", &rest[..end]))
}

fn collect_reachable(
    edges: &BTreeMap<String, BTreeSet<String>>,
    from: &str,
    reached: &mut BTreeSet<String>,
) {
    let mut queue = vec![from.to_owned()];
    while let Some(name) = queue.pop() {
        if reached.insert(name.clone()) {
            queue.extend(edges.get(&name).into_iter().flatten().cloned());
        }
    }
}
