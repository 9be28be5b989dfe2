//! Initial integrations: a file at startup, or the body of a control API request.
//!
//! ```yaml
//! integrations:
//!   PROJECT_ID:
//!     webhookUrl: https://my-system.com/webhook/jelou
//!     authType: bearer
//!   OTHER_PROJECT: {}
//! ```
//!
//! Errors say what is wrong and where, but never quote the file, which may contain secrets.

use jiff::Timestamp;
use secrecy::SecretString;
use spec_first_document::{Content, Document, Entries, Entry, Finding, Node};
use spec_first_sandbox::InputFile;

use crate::state::{
    Integrations,
    integration::{CREATED, Integration, Origin, REDACTED},
};

/// The fields of an integration, named as in the API.
const FIELDS: [&str; 8] = [
    "id",
    "brainId",
    "webhookUrl",
    "authType",
    "authorization",
    "signingSecret",
    "createdAt",
    "updatedAt",
];

/// Earlier years do not have four digits, as RFC 3339 requires.
const FIRST: Timestamp = Timestamp::constant(-62_167_219_200, 0);

/// Parses a seed in YAML or JSON; error messages call it `name`.
pub(crate) fn parse(name: &str, text: &str) -> Result<Integrations, Finding> {
    let document = Document::parse(name, text)?;
    let reader = Reader(InputFile {
        document: &document,
        rule: "seed",
    });
    let root = document.root();
    if !root.is_mapping() {
        return Err(reader.0.problem(
            root.position(),
            "a seed must be a mapping with `integrations`",
            "start with `integrations:`, followed by one line per project",
        ));
    }
    let mut integrations = Integrations::new();
    for entry in root.entries() {
        if entry.key != "integrations" {
            return Err(reader.unknown(entry, "a seed", &["integrations"]));
        }
        for project in reader.mapping(entry.value, "`integrations`")? {
            let integration = reader.integration(project)?;
            integrations.insert(project.key.into(), integration);
        }
    }
    Ok(integrations)
}

/// Parses the parts of a seed and reports where one is wrong.
struct Reader<'a>(InputFile<'a>);

impl Reader<'_> {
    fn integration(&self, project: Entry<'_>) -> Result<Integration, Finding> {
        if project.key.is_empty() || project.key.bytes().all(|byte| byte == b'.') {
            return Err(self.0.problem(
                project.key_position(),
                "a project ID must contain a character other than a dot",
                "write the project ID as in the path of a request, without percent-encoding",
            ));
        }
        let mut integration = Integration::default();
        let mut origin = Origin::default();
        let mut updated_at = None;
        for field in self.mapping(project.value, "an integration")? {
            let value = field.value;
            match field.key {
                "id" => origin.id = Some(self.0.text(field)?.into()),
                "brainId" => origin.brain_id = Some(self.0.text(field)?.into()),
                "webhookUrl" => integration.webhook_url = self.0.text(field)?.into(),
                "authType" => integration.auth_type = self.0.text(field)?.into(),
                "authorization" => integration.authorization = Some(self.secret(field)?),
                "signingSecret" => integration.renew_secret(self.secret(field)?),
                "createdAt" => origin.created_at = Some(self.instant(field)?),
                "updatedAt" => updated_at = Some((self.instant(field)?, value.position())),
                _ => return Err(self.unknown(field, "an integration", &FIELDS)),
            }
        }
        let created_at = origin.created_at.unwrap_or(CREATED);
        integration.updated_at = match updated_at {
            Some((updated_at, position)) if updated_at < created_at => {
                return Err(self.0.problem(
                    position,
                    format!("`updatedAt` is before `createdAt`, which is {created_at}"),
                    "set both, with `updatedAt` after `createdAt`",
                ));
            }
            Some((updated_at, _)) => updated_at,
            None => created_at,
        };
        integration.origin = (origin != Origin::default()).then(|| Box::new(origin));
        Ok(integration)
    }

    /// The members of a mapping; an omitted value is an empty mapping.
    fn mapping<'n>(&self, node: Node<'n>, what: &str) -> Result<Entries<'n>, Finding> {
        match node.content() {
            Content::Null => Ok(Entries::default()),
            _ => self.0.mapping(node, what),
        }
    }

    fn secret(&self, field: Entry<'_>) -> Result<SecretString, Finding> {
        let text = self.0.text(field)?;
        if text == REDACTED {
            return Err(self.0.problem(
                field.value.position(),
                format!("`{REDACTED}` is a placeholder, not the secret"),
                "write the actual secret, or omit the field",
            ));
        }
        Ok(text.into())
    }

    fn instant(&self, field: Entry<'_>) -> Result<Timestamp, Finding> {
        let parsed = self.0.text(field)?.parse::<Timestamp>().ok();
        parsed.filter(|instant| *instant >= FIRST).ok_or_else(|| {
            self.0.problem(
                field.value.position(),
                format!("`{}` is not an RFC 3339 timestamp", field.key),
                "write it as `2026-01-22T09:15:00Z`",
            )
        })
    }

    fn unknown(&self, entry: Entry<'_>, what: &str, known: &[&str]) -> Finding {
        let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
        self.0.problem(
            entry.key_position(),
            format!("unknown field in {what}"),
            match known.as_slice() {
                [only] => format!("expected {only}"),
                known => format!("expected one of {}", known.join(", ")),
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let finding = parse("seed.yaml", text).unwrap_err();
        let shown = finding.to_string();
        assert_eq!(shown, format!("seed.yaml:{expected} (seed)"), "{text}");
        assert!(!format!("{shown} {}", finding.help).contains("CANARY"));
    }

    #[test]
    fn an_omitted_field_has_its_default() {
        let integrations = parse("seed.yaml", "integrations: {A: {}, B: , 7: {id: '7'}}").unwrap();
        assert_eq!(integrations.len(), 3);
        let default = Integration::default();
        assert_eq!(integrations["A"].shown("A"), default.shown("A"));
        assert_eq!(integrations["B"].shown("B"), default.shown("B"));
        assert_eq!(integrations["7"].shown("7")["id"], "7");
        assert_eq!(parse("seed.yaml", "{}").unwrap().len(), 0);
        assert_eq!(parse("seed.yaml", "integrations:").unwrap().len(), 0);
    }

    #[test]
    fn every_field_can_be_set() {
        let text = json!({"integrations": {"a/b 😀": {
            "id": "1", "brainId": "2", "webhookUrl": "https://a.example/😀", "authType": "basic",
            "authorization": "secret", "createdAt": "2020-01-01T00:00:00Z", "updatedAt": "2021-01-01T00:00:00+01:00",
        }}});
        let integrations = parse("seed.json", &text.to_string()).unwrap();
        let integration = &integrations["a/b 😀"];
        let expected = json!({
            "id": "1", "brainId": "2", "webhookUrl": "https://a.example/😀", "authType": "basic",
            "authorization": "[redacted]", "createdAt": "2020-01-01T00:00:00Z", "updatedAt": "2020-12-31T23:00:00Z",
        });
        assert_eq!(integration.shown("a/b 😀"), expected);
        let authorization = integration.authorization().map(ExposeSecret::expose_secret);
        assert_eq!(authorization, Some("secret"));
    }

    #[test]
    fn json_with_escaped_non_ascii_characters_is_parsed() {
        let text = r#"{"integrations": {"\u00f1": {"id": "\ud83d\ude00", "webhookUrl": "https:\/\/a.example"}}}"#;
        let integrations = parse("seed.json", text).unwrap();
        assert_eq!(integrations["ñ"].shown("ñ")["id"], "😀");
        assert_eq!(integrations["ñ"].webhook_url(), "https://a.example");
    }

    #[test]
    fn errors_are_reported_with_their_place() {
        refused("[]", "1:1: a seed must be a mapping with `integrations`");
        refused("integrations: []", "1:15: `integrations` must be a mapping");
        refused("projects: {}", "1:1: unknown field in a seed");
        refused(
            "integrations:\n  A: text",
            "2:6: an integration must be a mapping",
        );
        refused(
            "integrations:\n  ..: {}",
            "2:3: a project ID must contain a character other than a dot",
        );
        refused(
            "integrations:\n  A:\n    webhookURL: a",
            "3:5: unknown field in an integration",
        );
        refused(
            "integrations:\n  A:\n    authorization: [CANARY]",
            "3:20: `authorization` must be a string",
        );
        refused(
            "integrations:\n  A:\n    authorization: 12345",
            "3:20: `authorization` must be a string",
        );
        refused(
            "integrations:\n  A:\n    authorization: '[redacted]'",
            "3:20: `[redacted]` is a placeholder, not the secret",
        );
        refused(
            "integrations:\n  A: {createdAt: yesterday}",
            "2:18: `createdAt` is not an RFC 3339 timestamp",
        );
        refused(
            "integrations:\n  A: {createdAt: '-000001-01-01T00:00:00Z'}",
            "2:18: `createdAt` is not an RFC 3339 timestamp",
        );
        refused(
            "integrations:\n  A: {updatedAt: 2020-01-01T00:00:00Z}",
            "2:18: `updatedAt` is before `createdAt`, which is 2023-11-07T05:31:56Z",
        );
    }

    #[test]
    fn invalid_yaml_is_not_quoted() {
        for text in [
            "integrations: {A: {authorization: CANARY",
            "integrations:\n  A:\n    authorization: \"CANARY",
            "integrations:\n  A:\n    authorization: CANARY\n    authorization: CANARY2",
            "integrations:\n  A:\n    authorization: \"\\qCANARY\"",
            "integrations:\n  A:\n    authorization: *CANARY",
            "integrations:\n  A:\n    authorization: !CANARY",
            "integrations:\n  A:\n    authorization: CANARY: CANARY",
            "integrations:\n  A:\n    authorization: @CANARY",
            "integrations:\n  A:\n    authorization: %CANARY",
            "integrations:\n  A:\n    authorization: .inf\n  CANARY",
            "CANARY",
            "",
        ] {
            match parse("seed.yaml", text) {
                Ok(_) => panic!("read: {text}"),
                Err(finding) => assert!(!finding.to_string().contains("CANARY"), "{finding}"),
            }
        }
    }
}
