//! Identifies a row in the journal regardless of its position, by keyed digests of its project and of the values it sets.
//!
//! Each journal has a random key, so digests cannot be compared between journals or looked up in a table. The key is in the
//! journal, though, so anyone who can read it can test a guess. Therefore secrets are never hashed, only the names of their
//! variables. Credentials are left out, since they do not affect the values.

use aws_lc_rs::{error::Unspecified, hmac, rand};

use crate::integration::apply::field::Field;
use crate::integration::apply::operation::Action;
use crate::integration::apply::row::Row;

/// The fields that define the update.
const SET: [Field; 5] = [
    Field::ProjectId,
    Field::WebhookUrl,
    Field::AuthType,
    Field::AuthorizationEnv,
    Field::Action,
];

/// Identifies a row by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::integration::apply) struct Fingerprint {
    pub(in crate::integration::apply) project: u64,
    /// Digest of the project and the values.
    pub(in crate::integration::apply) values: u64,
    /// The line, for messages; saturates at the maximum.
    pub(in crate::integration::apply) line: u32,
}

/// Computes fingerprints.
#[derive(Clone, Debug)]
pub(in crate::integration::apply) struct Fingerprinter(hmac::Key);

impl Fingerprinter {
    pub(super) fn new(key: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()))
    }

    pub(in crate::integration::apply) fn take(&self, row: &Row) -> Fingerprint {
        let (project, others) = SET.split_at(1);
        let mut context = hmac::Context::with_key(&self.0);
        update(&mut context, row, project);
        let project = finish(context.clone());
        update(&mut context, row, others);
        Fingerprint {
            project,
            values: finish(context),
            line: u32::try_from(row.place.line).unwrap_or(u32::MAX),
        }
    }
}

/// Hashes each field with its index and length, so that field boundaries are unambiguous.
fn update(context: &mut hmac::Context, row: &Row, fields: &[Field]) {
    for field in fields {
        let text = row.get(*field);
        // The action `update` is the default and is left out, so that journals of earlier versions, which contain only updates,
        // still match.
        let text = text.filter(|text| *field != Field::Action || *text != Action::Update.name());
        let Some(text) = text else {
            continue;
        };
        context.update(&[*field as u8]);
        context.update(&(text.len() as u64).to_le_bytes());
        context.update(text.as_bytes());
    }
}

/// Truncates the digest to 64 bits.
fn finish(context: hmac::Context) -> u64 {
    let tag = context.sign();
    let first = tag.as_ref().first_chunk();
    u64::from_le_bytes(first.copied().unwrap_or_default())
}

/// Generates a key for a new journal.
pub(super) fn draw_key() -> Result<String, Unspecified> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integration::apply::row::Place;

    fn take(fields: &[(Field, &str)]) -> Fingerprint {
        let place = Place { line: 3, column: 1 };
        let mut row = Row::new(place);
        for (field, text) in fields {
            row.set(*field, (*text).to_owned(), place).unwrap();
        }
        Fingerprinter::new("0123").take(&row)
    }

    #[test]
    fn every_value_changes_the_fingerprint() {
        let one = take(&[(Field::ProjectId, "A"), (Field::WebhookUrl, "https://a")]);
        for fields in [
            [(Field::ProjectId, "A"), (Field::WebhookUrl, "https://b")],
            [(Field::ProjectId, "A"), (Field::AuthType, "https://a")],
            [
                (Field::ProjectId, "A"),
                (Field::AuthorizationEnv, "https://a"),
            ],
            [(Field::ProjectId, "A"), (Field::Action, "delete")],
        ] {
            let other = take(&fields);
            assert_eq!(other.project, one.project, "{fields:?}");
            assert_ne!(other.values, one.values, "{fields:?}");
        }
        let other = take(&[(Field::ProjectId, "B"), (Field::WebhookUrl, "https://a")]);
        assert_ne!(other.project, one.project);
        assert_ne!(other.values, one.values);
    }

    /// As in the journals of earlier versions.
    #[test]
    fn an_update_need_not_say_that_it_is_one() {
        let one = take(&[(Field::ProjectId, "A"), (Field::AuthType, "basic")]);
        let other = take(&[
            (Field::ProjectId, "A"),
            (Field::AuthType, "basic"),
            (Field::Action, "update"),
        ]);
        assert_eq!(other, one);
        assert_eq!(
            (one.project, one.values),
            (0xd39e_61cc_313b_46db, 0x7c44_ed03_ff8b_835c),
            "journals of earlier versions would not be resumed"
        );
    }

    #[test]
    fn credentials_do_not_change_the_fingerprint() {
        let one = take(&[(Field::ProjectId, "A"), (Field::AuthType, "basic")]);
        let other = take(&[
            (Field::ProjectId, "A"),
            (Field::AuthType, "basic"),
            (Field::ApiKeyEnv, "KEY"),
            (Field::Profile, "acme"),
        ]);
        assert_eq!(other, one);
    }
}
