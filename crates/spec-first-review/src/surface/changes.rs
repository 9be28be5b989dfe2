//! Compares two surfaces to find out how a change affects code that uses the generated client.
//!
//! The rules follow the "SemVer Compatibility" chapter of the Cargo book, applied to the generated types:
//!
//! - Structs have only public fields and are not `#[non_exhaustive]`, so adding a field is a major change: struct
//!   literals without `..Default::default()` and patterns without `..` list every field, even though builders exist.
//! - Enums are not `#[non_exhaustive]` either, so adding a variant is a major change: it breaks a `match` without `_`.
//! - Fields and variants of a new struct or enum break nothing.
//! - Code does not mention serialized names (`` as `webhookUrl` ``). Changing one can only break the protocol.
//!
//! A surface does not list trait implementations, so removing `Copy` or `Default` is left to cargo-semver-checks.

use std::collections::BTreeMap;

use super::{Step, SurfaceChange};

/// Returns the public Rust names that differ between two surfaces, as `spec-first-codegen` writes them, sorted by name. The
/// places in the documents are left to the caller: the generator knows them.
///
/// Only lines that begin with `rust` count.
pub fn surface_changes(old: &str, new: &str) -> Vec<SurfaceChange> {
    let (old, new) = (names(old), names(new));
    let mut all: Vec<&String> = old.keys().chain(new.keys()).collect();
    all.sort_unstable();
    all.dedup();
    let differing = all
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    differing
        .map(|name| {
            let (step, why) = match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => classify_changed(old, new),
                (None, _) => classify_added(name, &old),
                (Some(_), None) => (Step::Major, "code that uses it no longer compiles"),
            };
            SurfaceChange {
                old: old.get(name).map(|line| (*line).to_owned()),
                new: new.get(name).map(|line| (*line).to_owned()),
                step,
                why: why.to_owned(),
                base: Vec::new(),
                head: Vec::new(),
            }
        })
        .collect()
}

/// The `rust` lines by name.
fn names(surface: &str) -> BTreeMap<String, &str> {
    let lines = surface
        .lines()
        .filter_map(|line| line.strip_prefix("rust "));
    lines.map(|line| (name(line), line)).collect()
}

/// The name in a line: what code must mention to use it, without the parts that can change.
fn name(line: &str) -> String {
    let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
    match kind {
        "method" => {
            let (owner, signature) = rest.split_once(": ").unwrap_or((rest, ""));
            let function = signature
                .split_once("fn ")
                .map_or(signature, |(_, rest)| rest);
            let end = function.find(['<', '(']).unwrap_or(function.len());
            format!("method {owner}::{}", &function[..end])
        }
        "variant" => {
            let end = rest.find(['(', ' ']).unwrap_or(rest.len());
            format!("variant {}", &rest[..end])
        }
        // `: ` rather than `:`, which occurs in every path.
        _ => {
            let end = rest.find(": ").unwrap_or(rest.len());
            format!("{kind} {}", &rest[..end])
        }
    }
}

fn classify_changed(old: &str, new: &str) -> (Step, &'static str) {
    if without_wire_name(old) == without_wire_name(new) {
        return (
            Step::Patch,
            "only its serialized name changed, which code does not mention",
        );
    }
    (
        Step::Major,
        "code that relies on its old type or signature no longer compiles",
    )
}

fn without_wire_name(line: &str) -> &str {
    line.split_once(" as `").map_or(line, |(code, _)| code)
}

fn classify_added(name: &str, old: &BTreeMap<String, &str>) -> (Step, &'static str) {
    let owner = match name.split_once(' ') {
        Some(("field", path)) => path.rsplit_once('.').map(|(owner, _)| ("struct", owner)),
        Some(("variant", path)) => path.rsplit_once("::").map(|(owner, _)| ("enum", owner)),
        _ => None,
    };
    match owner {
        Some((kind @ "struct", owner)) if old.contains_key(&format!("{kind} {owner}")) => (
            Step::Major,
            "the fields of the struct are public, so code may list all of them",
        ),
        Some((kind @ "enum", owner)) if old.contains_key(&format!("{kind} {owner}")) => (
            Step::Major,
            "the enum is exhaustive, so code may match on all variants",
        ),
        _ => (Step::Minor, "it is new, so no code uses it yet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURFACE: &str = "\
# Generated
document #/info/version = \"1\"
rust static API: ::spec_first_runtime::Api
rust enum types::AuthType
rust field types::Integration.id: Option<crate::Id> as `id`
rust method Client: fn update_integration(&self) -> builder::UpdateIntegration<'_>
rust method builder::UpdateIntegration<'a>: async fn send(self) -> Result<A, B>
rust method builder::UpdateIntegration<'a>: fn body<V>(mut self, value: V) -> Self where V: std::convert::TryInto<A>,
rust struct types::Integration
rust variant types::AuthType::ApiKey as `api_key`
rust variant types::AuthType::Other(String)
";

    /// Edits the surface and asserts the step and name of each change.
    #[track_caller]
    fn check(find: &str, replace: &str, expected: &[(Step, &str)]) {
        assert_eq!(SURFACE.matches(find).count(), 1, "{find}");
        let changes = surface_changes(SURFACE, &SURFACE.replace(find, replace));
        let found: Vec<_> = changes
            .iter()
            .map(|change| {
                let line = change.new.as_deref().or(change.old.as_deref());
                (change.step, name(line.unwrap()))
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(step, name)| (*step, (*name).to_owned()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn equal_surfaces_have_no_changes() {
        assert_eq!(surface_changes(SURFACE, SURFACE), []);
    }

    #[test]
    fn document_lines_are_ignored() {
        check("version = \"1\"", "version = \"2\"", &[]);
    }

    #[test]
    fn removal_is_major() {
        for line in SURFACE.lines().filter(|line| line.starts_with("rust ")) {
            let changes = surface_changes(SURFACE, &SURFACE.replace(&format!("{line}\n"), ""));
            let [change] = &changes[..] else {
                panic!("{line}: {changes:?}");
            };
            assert_eq!((change.step, &change.new), (Step::Major, &None), "{line}");
            assert_eq!(change.old.as_deref(), line.strip_prefix("rust "));
        }
    }

    #[test]
    fn a_changed_type_or_signature_is_major() {
        check(
            "id: Option<crate::Id>",
            "id: crate::Id",
            &[(Step::Major, "field types::Integration.id")],
        );
        check(
            "Other(String)",
            "Other(i64)",
            &[(Step::Major, "variant types::AuthType::Other")],
        );
        check(
            "Result<A, B>",
            "Result<A, C>",
            &[(Step::Major, "method builder::UpdateIntegration<'a>::send")],
        );
        check(
            "TryInto<A>",
            "TryInto<B>",
            &[(Step::Major, "method builder::UpdateIntegration<'a>::body")],
        );
        check(
            "static API: ::spec_first_runtime::Api",
            "static API: Api",
            &[(Step::Major, "static API")],
        );
    }

    #[test]
    fn a_changed_serialized_name_is_a_patch() {
        check(
            "as `api_key`",
            "as `apiKey`",
            &[(Step::Patch, "variant types::AuthType::ApiKey")],
        );
        check(
            "as `id`",
            "as `ID`",
            &[(Step::Patch, "field types::Integration.id")],
        );
    }

    #[test]
    fn adding_a_field_or_variant_to_an_existing_type_is_major() {
        check(
            "rust struct types::Integration\n",
            "rust field types::Integration.region: String\nrust struct types::Integration\n",
            &[(Step::Major, "field types::Integration.region")],
        );
        check(
            "rust enum types::AuthType\n",
            "rust enum types::AuthType\nrust variant types::AuthType::Basic as `basic`\n",
            &[(Step::Major, "variant types::AuthType::Basic")],
        );
    }

    #[test]
    fn other_additions_are_minor() {
        check(
            "rust enum types::AuthType\n",
            "rust enum types::AuthType\nrust enum types::Kind\nrust variant types::Kind::A as `a`\nrust struct types::Extra\n\
             rust field types::Extra.a: String\nrust method Client: fn list(&self) -> builder::List<'_>\n",
            &[
                (Step::Minor, "enum types::Kind"),
                (Step::Minor, "field types::Extra.a"),
                (Step::Minor, "method Client::list"),
                (Step::Minor, "struct types::Extra"),
                (Step::Minor, "variant types::Kind::A"),
            ],
        );
    }

    #[test]
    fn a_struct_that_becomes_an_enum_is_major() {
        check(
            "rust struct types::Integration\n",
            "rust enum types::Integration\n",
            &[
                (Step::Minor, "enum types::Integration"),
                (Step::Major, "struct types::Integration"),
            ],
        );
    }
}
