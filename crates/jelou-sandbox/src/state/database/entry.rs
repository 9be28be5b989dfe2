//! An integration as stored in the file: JSON, with the secret in plain text.

use std::{borrow::Cow, io};

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use crate::state::integration::{Integration, Origin, Secrets};

/// The fields of an integration; those that are rarely set are omitted if empty.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    brain_id: Option<Cow<'a, str>>,
    webhook_url: Cow<'a, str>,
    auth_type: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signing_secret: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    former_secret: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Cow<'a, str>>,
    updated_at: Cow<'a, str>,
}

pub(super) fn write(integration: &Integration) -> Result<Vec<u8>, redb::Error> {
    let origin = integration.origin.as_deref();
    let text = |text: &'_ Option<Box<str>>| text.as_deref().map(str::to_owned).map(Cow::Owned);
    let authorization = integration.authorization();
    let created_at = origin.and_then(|origin| origin.created_at);
    let entry = Entry {
        id: origin.and_then(|origin| text(&origin.id)),
        brain_id: origin.and_then(|origin| text(&origin.brain_id)),
        webhook_url: integration.webhook_url().into(),
        auth_type: integration.auth_type().into(),
        authorization: authorization.map(|secret| secret.expose_secret().into()),
        signing_secret: integration
            .signing_secret()
            .map(|secret| secret.expose_secret().into()),
        former_secret: integration
            .former_secret()
            .map(|secret| secret.expose_secret().into()),
        created_at: created_at.map(|instant| instant.to_string().into()),
        updated_at: integration.updated_at.to_string().into(),
    };
    // Serialization fails only for maps with keys that are not strings.
    serde_json::to_vec(&entry).map_err(|error| io::Error::from(error).into())
}

/// Parses what [`write`] wrote for this project.
pub(super) fn read(project_id: &str, value: &[u8]) -> Result<Integration, redb::Error> {
    parse(value).ok_or_else(|| redb::Error::Corrupted(format!("the entry of `{project_id}`")))
}

fn parse(value: &[u8]) -> Option<Integration> {
    let entry: Entry<'_> = serde_json::from_slice(value).ok()?;
    let instant = |text: Cow<'_, str>| text.parse::<Timestamp>().ok();
    let origin = Origin {
        id: entry.id.map(Box::from),
        brain_id: entry.brain_id.map(Box::from),
        created_at: match entry.created_at {
            Some(created_at) => Some(instant(created_at)?),
            None => None,
        },
    };
    Some(Integration {
        webhook_url: entry.webhook_url.into(),
        auth_type: entry.auth_type.into(),
        authorization: entry.authorization.map(|text| text.into_owned().into()),
        updated_at: instant(entry.updated_at)?,
        secrets: entry.signing_secret.map(|current| {
            Box::new(Secrets {
                current: current.into_owned().into(),
                former: entry.former_secret.map(|text| text.into_owned().into()),
            })
        }),
        origin: (origin != Origin::default()).then(|| Box::new(origin)),
    })
}
