//! What happens to Rust code that compiles against the generated client, told from two surfaces.
//!
//! The rules are those of Cargo's book, "SemVer Compatibility". What is particular here is what the generated types are:
//!
//! - Their structs have public fields only and no `#[non_exhaustive]`. Builders exist beside them, and do not help: a literal without
//!   `..Default::default()` and a pattern without `..` name every field. So a field that is added to a struct is a major change.
//! - Their enums have no `#[non_exhaustive]` either, so a variant that is added is a major change: a `match` without `_` ends.
//! - What is added with the struct or enum that it belongs to breaks nobody, as nobody has named that yet.
//! - The name on the wire (`` as `webhookUrl` ``) is none that code mentions. Whom its change breaks is a question of the wire.
//!
//! A surface has no traits: that a type is no longer `Copy` or `Default`, cargo-semver-checks has to tell.

use std::collections::BTreeMap;

/// How far a version has to move for a change, in the words of semantic versioning from 1.0 on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Code that compiles goes on to compile, and finds nothing new.
    Patch,
    /// Code that compiles goes on to compile, and finds something new.
    Minor,
    /// Code that compiles may no longer do so.
    Major,
}

/// A public name of the generated code that one of two surfaces lacks, or that they give in different words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SurfaceChange {
    /// What it is and its name, for example `field types::Integration.id`.
    pub name: String,
    /// Its line in the old surface, without `rust`; `None` if it was added.
    pub old: Option<String>,
    /// Its line in the new surface; `None` if it was removed.
    pub new: Option<String>,
    /// How far the version has to move for it.
    pub step: Step,
    /// Why, in one sentence without a capital and a full stop.
    pub why: &'static str,
}

/// The public Rust names that differ between two texts of [`crate::surface`], sorted by name.
///
/// Lines of other kinds are facts of the document and do not count.
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
                (Some(old), Some(new)) => judge_changed(old, new),
                (None, _) => judge_added(name, &old),
                (Some(_), None) => (Step::Major, "code that names it no longer compiles"),
            };
            SurfaceChange {
                name: name.clone(),
                old: old.get(name).map(|line| (*line).to_owned()),
                new: new.get(name).map(|line| (*line).to_owned()),
                step,
                why,
            }
        })
        .collect()
}

/// The lines about Rust by what they are about.
fn names(surface: &str) -> BTreeMap<String, &str> {
    let lines = surface
        .lines()
        .filter_map(|line| line.strip_prefix("rust "));
    lines.map(|line| (name(line), line)).collect()
}

/// What a line is about: all that code has to mention to use it, and nothing that may change while code goes on to mention it.
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
        // `: ` and not `:`, which is in every path.
        _ => {
            let end = rest.find(": ").unwrap_or(rest.len());
            format!("{kind} {}", &rest[..end])
        }
    }
}

fn judge_changed(old: &str, new: &str) -> (Step, &'static str) {
    if without_wire_name(old) == without_wire_name(new) {
        return (
            Step::Patch,
            "only its name on the wire differs, which no code mentions",
        );
    }
    (
        Step::Major,
        "code that relies on what it was no longer compiles",
    )
}

fn without_wire_name(line: &str) -> &str {
    line.split_once(" as `").map_or(line, |(code, _)| code)
}

fn judge_added(name: &str, old: &BTreeMap<String, &str>) -> (Step, &'static str) {
    let owner = match name.split_once(' ') {
        Some(("field", path)) => path.rsplit_once('.').map(|(owner, _)| ("struct", owner)),
        Some(("variant", path)) => path.rsplit_once("::").map(|(owner, _)| ("enum", owner)),
        _ => None,
    };
    match owner {
        Some((kind @ "struct", owner)) if old.contains_key(&format!("{kind} {owner}")) => (
            Step::Major,
            "the fields of the struct are public, so code may name each of them",
        ),
        Some((kind @ "enum", owner)) if old.contains_key(&format!("{kind} {owner}")) => (
            Step::Major,
            "the enum is exhaustive, so code may match each variant and nothing else",
        ),
        _ => (Step::Minor, "it is new, and no code names it yet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURFACE: &str = "\
# Generated
document #/info/version = \"1\"
rust const contract::SERVERS: &[&str]
rust enum types::AuthType
rust field types::Integration.id: Option<crate::Id> as `id`
rust method Client: fn update_integration(&self) -> builder::UpdateIntegration<'_>
rust method builder::UpdateIntegration<'a>: async fn send(self) -> Result<A, B>
rust method builder::UpdateIntegration<'a>: fn body<V>(mut self, value: V) -> Self where V: std::convert::TryInto<A>,
rust struct types::Integration
rust variant types::AuthType::ApiKey as `api_key`
rust variant types::AuthType::Other(String)
";

    /// Exchanges lines of the surface, and gives what that is judged as: step, name.
    #[track_caller]
    fn check(find: &str, replace: &str, expected: &[(Step, &str)]) {
        assert_eq!(SURFACE.matches(find).count(), 1, "{find}");
        let changes = surface_changes(SURFACE, &SURFACE.replace(find, replace));
        let found: Vec<_> = changes
            .iter()
            .map(|change| (change.step, change.name.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_same_surface_has_no_changes() {
        assert_eq!(surface_changes(SURFACE, SURFACE), []);
    }

    #[test]
    fn facts_of_the_document_are_no_rust() {
        check("version = \"1\"", "version = \"2\"", &[]);
    }

    #[test]
    fn what_is_removed_is_major() {
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
    fn another_type_or_signature_is_major() {
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
            "SERVERS: &[&str]",
            "SERVERS: &[Server]",
            &[(Step::Major, "const contract::SERVERS")],
        );
    }

    #[test]
    fn another_name_on_the_wire_is_no_matter_of_rust() {
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
    fn a_field_or_variant_more_is_major_where_its_owner_was_there() {
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
    fn what_is_added_otherwise_is_minor() {
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

    /// The rules above rest on it: once generated types are non-exhaustive, an added field or variant is minor.
    #[test]
    fn generated_types_are_exhaustive_and_their_fields_public() {
        let document = "
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list_pets
      responses: {'200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}}}
    Kind: {type: string, enum: [cat, dog]}
";
        let rust = crate::generate("pets.yaml", document).unwrap();
        assert!(!rust.contains("non_exhaustive"), "{rust}");
        let surface = crate::surface("pets.yaml", document).unwrap();
        for name in [
            "field types::Pet.kind: ",
            "field types::Pet.name: ",
            "variant types::Kind::Cat",
        ] {
            assert!(surface.contains(&format!("\nrust {name}")), "{surface}");
        }
    }
}
