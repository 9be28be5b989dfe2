//! Siblings of references, component names and inline schemas.

use spec_first_document::Version;

use crate::{
    report::Report,
    survey::{Part, Role, SchemaSite, Survey, component_pointer},
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    siblings_of_references(survey, report);
    component_names(survey, report);
    if report.wants("inline-schema") {
        inline_schemas(survey, report);
    }
}

fn siblings_of_references(survey: &Survey<'_>, report: &mut Report<'_>) {
    let references = survey.references.iter();
    for reference in
        references.filter(|reference| !matches!(reference.kind, Part::PathItem | Part::MediaType))
    {
        let counts = |key: &str| {
            // From OpenAPI 3.1 on, schemas have siblings, and other references have these two.
            survey.document.is_3_1()
                && (reference.kind == Part::Schema || ["summary", "description"].contains(&key))
        };
        for entry in reference.node.entries() {
            if entry.key != "$ref" && !counts(entry.key) {
                report.add(
                    "ref-sibling",
                    &reference.pointer.child(entry.key),
                    format!("`{}` is ignored next to `$ref`", entry.key),
                    "remove it, or wrap the reference in a single-item `allOf` and add the key there",
                );
            }
        }
    }
}

fn component_names(survey: &Survey<'_>, report: &mut Report<'_>) {
    for kind in Part::components(Version::V3_0) {
        for entry in survey.section(kind) {
            let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if entry.key.is_empty() || !entry.key.chars().all(is_allowed) {
                report.add(
                    "component-name",
                    &component_pointer(kind, entry.key),
                    format!("invalid component name `{}`", entry.key),
                    "use only ASCII letters, digits, `.`, `-` and `_`",
                );
            }
        }
    }
}

fn inline_schemas(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.schemas {
        let what = match site.role {
            Role::Component(_) | Role::Not => continue,
            // The usual way to extend another schema; the enclosing component has the name.
            Role::Branch {
                keyword: "allOf", ..
            } if is_part_of_component(survey, site) => continue,
            _ if has_entries(site, "properties") => "object schema",
            // A single value is a constant, for which OpenAPI 3.0 has no other keyword.
            _ if site
                .node
                .get("enum")
                .is_some_and(|values| values.items().len() > 1) =>
            {
                "`enum`"
            }
            _ => continue,
        };
        report.add(
            "inline-schema",
            &site.pointer,
            format!("inline {what}"),
            "move it to `components/schemas` and reference it",
        );
    }
}

fn has_entries(site: &SchemaSite<'_>, key: &str) -> bool {
    site.node
        .get(key)
        .is_some_and(|value| !value.entries().is_empty())
}

fn is_part_of_component(survey: &Survey<'_>, site: &SchemaSite<'_>) -> bool {
    let parent = site.parent.map(|parent| &survey.schemas[parent]);
    parent.is_some_and(|parent| matches!(parent.role, Role::Component(_)))
}
