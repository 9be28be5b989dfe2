//! The fields of a row: their names and meanings.

/// A column in CSV, or a member of an object in JSON Lines and YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    ProjectId,
    WebhookUrl,
    AuthType,
    AuthorizationEnv,
    ApiKeyEnv,
    ClientIdEnv,
    ClientSecretEnv,
    Profile,
    /// Last, as the journal refers to fields by their position.
    Action,
}

/// Minimum similarity for suggesting a name; clap uses the same threshold.
const ALIKE: f64 = 0.7;

impl Field {
    pub(super) const COUNT: usize = 9;

    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::ProjectId,
        Self::WebhookUrl,
        Self::AuthType,
        Self::AuthorizationEnv,
        Self::ApiKeyEnv,
        Self::ClientIdEnv,
        Self::ClientSecretEnv,
        Self::Profile,
        Self::Action,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ProjectId => "projectId",
            Self::WebhookUrl => "webhookUrl",
            Self::AuthType => "authType",
            Self::AuthorizationEnv => "authorizationEnv",
            Self::ApiKeyEnv => "apiKeyEnv",
            Self::ClientIdEnv => "clientIdEnv",
            Self::ClientSecretEnv => "clientSecretEnv",
            Self::Profile => "profile",
            Self::Action => "action",
        }
    }

    /// The meaning of the field, for the help.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::ProjectId => "the project whose integration changes; in every row",
            Self::WebhookUrl => "deliver events to this public HTTPS address",
            Self::AuthType => {
                "how Jelou authenticates to the webhook: bearer, api_key, basic, no_auth"
            }
            Self::AuthorizationEnv => {
                "environment variable with what Jelou presents to the webhook"
            }
            Self::ApiKeyEnv => "environment variable with the API key of the project; or",
            Self::ClientIdEnv => "environment variable with the client id, and",
            Self::ClientSecretEnv => "environment variable with the secret of the client id; or",
            Self::Profile => "profile with the credentials (`jelou profile add`)",
            Self::Action => "update, create or delete, instead of what `--action` says",
        }
    }

    /// Returns the field of this name.
    ///
    /// # Errors
    /// There is no such field; the message suggests a similar one.
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|field| field.name() == name);
        found.ok_or_else(|| {
            let shown = shorten(name);
            match closest(name) {
                Some(Self::AuthorizationEnv | Self::ApiKeyEnv | Self::ClientIdEnv | Self::ClientSecretEnv) if !name.ends_with("Env") => {
                    let meant = closest(name).map_or("", Self::name);
                    format!("unknown field `{shown}`; do not put secrets in the file: name the variable that holds it in `{meant}`")
                }
                Some(meant) => format!("unknown field `{shown}`; did you mean `{}`?", meant.name()),
                None => format!("unknown field `{shown}`; the fields are {}", Self::list()),
            }
        })
    }

    fn list() -> String {
        Self::ALL
            .map(|field| format!("`{}`", field.name()))
            .join(", ")
    }
}

fn closest(name: &str) -> Option<Field> {
    let name = name.to_lowercase();
    let likeness = |field: &Field| strsim::jaro_winkler(&name, &field.name().to_lowercase());
    let alike = Field::ALL
        .into_iter()
        .filter(|field| likeness(field) > ALIKE);
    alike.max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
}

/// Truncates a name from the input, which may be of any length.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name() {
        for field in Field::ALL {
            assert_eq!(Field::parse(field.name()), Ok(field));
        }
    }

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(Field::parse(name).unwrap_err(), expected);
    }

    #[test]
    fn an_unknown_name_gets_a_suggestion() {
        check(
            "webhook_url",
            "unknown field `webhook_url`; did you mean `webhookUrl`?",
        );
        check(
            "PROJECTID",
            "unknown field `PROJECTID`; did you mean `projectId`?",
        );
    }

    #[test]
    fn a_secret_belongs_in_a_variable() {
        for (name, meant) in [
            ("apiKey", "apiKeyEnv"),
            ("authorization", "authorizationEnv"),
            ("clientSecret", "clientSecretEnv"),
        ] {
            check(
                name,
                &format!(
                    "unknown field `{name}`; do not put secrets in the file: name the variable that holds it in `{meant}`"
                ),
            );
        }
    }
}
