//! Which rules apply, and at which level.

use spec_first_document::Document;
use spec_first_lint::{Level, Profile, Purpose, Rule, Settings};

fn settings(profile: Profile, purposes: &[Purpose]) -> Settings {
    let mut settings = Settings::default();
    settings.profile = profile;
    settings.purposes.extend(purposes);
    settings
}

/// The names of the rules that report something that is shown.
fn shown(text: &str, settings: &Settings) -> Vec<&'static str> {
    let document = Document::parse("pets.yaml", text).unwrap();
    let findings = spec_first_lint::check(&document).into_iter();
    let findings =
        findings.filter(|finding| settings.level(finding.rule) >= Some(settings.shown()));
    let mut rules: Vec<&str> = findings.map(|finding| finding.rule).collect();
    rules.dedup();
    rules
}

/// What somebody writes who does not know this linter, without a mistake.
const CLEAN: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: /api}]
paths:
  /pets/{petId}:
    get:
      operationId: getPet
      tags: [pets]
      parameters:
        - {name: petId, in: path, required: true, schema: {type: integer, format: int64}}
      responses:
        '200':
          description: A pet.
          content:
            application/json:
              schema:
                type: object
                required: [id, kind]
                properties:
                  id: {type: integer}
                  kind: {type: string, enum: [cat, dog]}
        default: {description: An error.}
";

#[test]
fn a_clean_document_of_somebody_else_gets_nothing() {
    assert_eq!(shown(CLEAN, &Settings::default()), [""; 0]);
    let strict = shown(CLEAN, &settings(Profile::Strict, &[]));
    assert!(strict.contains(&"missing-summary"), "{strict:?}");
    assert!(!strict.contains(&"operation-id-case"), "{strict:?}");
}

#[test]
fn what_only_the_generator_needs_is_asked_for() {
    let rust = shown(CLEAN, &settings(Profile::Strict, &[Purpose::Rust]));
    assert!(rust.contains(&"operation-id-case"), "{rust:?}");
}

#[test]
fn the_security_profile_has_the_rules_about_security_with_advice() {
    let security = settings(Profile::Security, &[]);
    assert_eq!(shown(CLEAN, &security), ["missing-security"]);
    assert_eq!(security.level("undefined-scheme"), Some(Level::Error));
    assert_eq!(security.level("unresolved-reference"), None);
    assert_eq!(security.level("syntax"), Some(Level::Error));
}

#[test]
fn what_is_set_for_a_rule_wins() {
    let mut settings = settings(Profile::Security, &[]);
    settings.set(Rule::find("missing-security").unwrap(), None);
    settings.set(Rule::find("operation-id-case").unwrap(), Some(Level::Error));
    assert_eq!(shown(CLEAN, &settings), ["operation-id-case"]);
    let unknown = Rule::find("missing-sumary").unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "`missing-sumary` is not a rule; did you mean `missing-summary`?"
    );
    let peer = Rule::find("oas3-api-servers").unwrap_err();
    assert_eq!(peer.nearest, Some("missing-server"));
}
