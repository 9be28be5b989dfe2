//! One validated row: what to do, and the credentials to do it with. Does not send.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use clap::ValueEnum;
use jelou_client::types::AuthType;
use jelou_client::{Client, Error, ProjectId, Reply, Secret, WebhookUrl};

use super::credentials::CredentialsName;
use super::field::Field;
use super::row::{Problem, Row};
use crate::arguments::update::auth_types;
use crate::integration::changes::Changes;
use crate::{environment, target};

/// What a row does with the integration of its project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Action {
    /// Change the integration
    #[default]
    Update,
    /// Create the integration; never repeated after an unknown outcome
    Create,
    /// Delete the integration, which cannot be undone
    Delete,
}

/// An operation that is ready to be sent.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) project_id: ProjectId,
    pub(super) credentials: CredentialsName,
    call: Call,
}

#[derive(Debug)]
enum Call {
    Update(Changes),
    Create(WebhookUrl, Changes),
    Delete,
}

/// The relevant parts of the reply to an operation.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The wait that the server asks for.
    pub(super) wait: Option<Duration>,
    /// The signing secret of a created integration.
    pub(super) secret: Option<Secret>,
}

impl Action {
    /// The value of the field `action`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Create => "create",
            Self::Delete => "delete",
        }
    }
}

impl Operation {
    /// Validates `row`. Looks up the environment variables it names, but not its credentials. Accepts webhooks on this machine if
    /// the API is on this machine (`is_local`).
    ///
    /// # Errors
    /// Every problem with the row.
    pub(super) fn check(row: &Row, is_local: bool) -> Result<Self, Vec<Problem>> {
        let mut problems: Vec<_> = Field::ALL
            .into_iter()
            .filter_map(|field| check_characters(row, field).err())
            .collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let project_id = keep(check_project_id(row), &mut problems);
        let changes = Changes {
            webhook_url: keep(check_webhook_url(row, is_local), &mut problems).flatten(),
            auth_type: keep(check_auth_type(row), &mut problems).flatten(),
            authorization: keep(check_authorization(row), &mut problems).flatten(),
        };
        let action = keep(check_action(row), &mut problems).unwrap_or_default();
        let call = match problems.is_empty() {
            true => keep(Call::check(action, changes, row), &mut problems),
            false => None,
        };
        let credentials = keep(CredentialsName::check(row), &mut problems);
        match (project_id, credentials, call) {
            (Some(project_id), Some(credentials), Some(call)) if problems.is_empty() => Ok(Self {
                project_id,
                credentials,
                call,
            }),
            _ => Err(problems),
        }
    }

    pub(super) fn action(&self) -> Action {
        match self.call {
            Call::Update(_) => Action::Update,
            Call::Create(..) => Action::Create,
            Call::Delete => Action::Delete,
        }
    }

    /// Sends the operation once.
    pub(super) async fn send(&self, client: &Client) -> Result<Done, Error> {
        let integrations = client.integrations();
        let project_id = self.project_id.as_str();
        match &self.call {
            Call::Update(changes) => {
                let request = changes.clone().request(client, &self.project_id);
                Ok(Done::of(&request.send().await?, None))
            }
            Call::Create(url, changes) => {
                let request = integrations.create(project_id, url.clone());
                let reply = changes.clone().complete(request).send().await?;
                Ok(Done::of(&reply, reply.signing_secret.clone()))
            }
            Call::Delete => {
                let reply = integrations.delete(project_id).send().await?;
                Ok(Done::of(&reply, None))
            }
        }
    }
}

impl Call {
    fn check(action: Action, mut changes: Changes, row: &Row) -> Result<Self, Problem> {
        let problem = |reason: &str| Err(Problem::new(row.place, reason));
        match (action, changes.webhook_url.take()) {
            (Action::Create, Some(url)) => Ok(Self::Create(url, changes)),
            (Action::Create, None) => problem("a new integration needs `webhookUrl`"),
            (action, webhook_url) => {
                let changes = Changes {
                    webhook_url,
                    ..changes
                };
                match (action, changes.fields().first()) {
                    (Action::Delete, None) => Ok(Self::Delete),
                    (Action::Delete, Some(field)) => problem(&format!(
                        "this row deletes the integration, so `{field}` has no effect; remove it"
                    )),
                    (_, None) => problem(
                        "there is nothing to change; give `webhookUrl`, `authType` or `authorizationEnv`",
                    ),
                    (_, Some(_)) => Ok(Self::Update(changes)),
                }
            }
        }
    }
}

impl Done {
    fn of<T>(reply: &Reply<T>, secret: Option<Secret>) -> Self {
        Self {
            wait: reply.response().retry_after(SystemTime::now()),
            secret,
        }
    }
}

fn keep<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn check_project_id(row: &Row) -> Result<ProjectId, Problem> {
    let Some(text) = row.get(Field::ProjectId) else {
        return Err(Problem::new(row.place, "there is no `projectId`"));
    };
    if is_rounded(text) {
        return Err(row.problem(
            Field::ProjectId,
            "`projectId` is a number that a spreadsheet has rounded; format the column as text and enter the number again",
        ));
    }
    ProjectId::try_from(text).map_err(|error| {
        row.problem(
            Field::ProjectId,
            format!("`projectId` cannot be used: {error}"),
        )
    })
}

/// Whether `text` is a long number as spreadsheets save it, such as `1.23E+12`, with the decimal separator of any locale.
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else {
        return false;
    };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    [whole, fraction, exponent].into_iter().all(is_number)
}

/// Rejects invisible characters: they change the value, but cannot be seen in the file.
fn check_characters(row: &Row, field: Field) -> Result<(), Problem> {
    let text = row.get(field).unwrap_or_default();
    let odd = text.chars().enumerate().find(|(_, character)| {
        character.is_whitespace() || character.is_control() || is_invisible(*character)
    });
    let Some((index, odd)) = odd else {
        return Ok(());
    };
    let name = match odd {
        ' ' => "a space",
        '\t' => "a tab",
        '\n' | '\r' => "a line break",
        '\u{A0}' | '\u{202F}' => "a no-break space",
        '\u{AD}' => "a soft hyphen",
        '\u{FEFF}' => "a byte order mark",
        '\u{200B}'..='\u{200D}' | '\u{2060}' => "a zero-width character",
        '\u{FFFD}' => "a character that was lost when the file was decoded",
        _ if odd.is_control() => "a control character",
        _ => "an invisible character",
    };
    let (code, place) = (odd as u32, index + 1);
    let field_name = field.name();
    Err(row.problem(
        field,
        format!("`{field_name}` has {name} (U+{code:04X}) as its character {place}; remove it"),
    ))
}

/// Formatting characters, and the replacement character.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFD}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

fn check_webhook_url(row: &Row, is_local: bool) -> Result<Option<WebhookUrl>, Problem> {
    let parse = |text| target::parse_webhook_url(text, || is_local);
    let parsed = row.get(Field::WebhookUrl).map(parse);
    parsed.transpose().map_err(|error| {
        row.problem(
            Field::WebhookUrl,
            format!("`webhookUrl` cannot be used: {error}"),
        )
    })
}

fn check_auth_type(row: &Row) -> Result<Option<AuthType>, Problem> {
    let parsed = row.get(Field::AuthType).map(AuthType::from_str);
    parsed.transpose().map_err(|_| {
        let known: Vec<_> = auth_types().map(|known| format!("`{known}`")).collect();
        row.problem(
            Field::AuthType,
            format!("`authType` must be one of {}", known.join(", ")),
        )
    })
}

fn check_action(row: &Row) -> Result<Action, Problem> {
    let name = row.get(Field::Action).unwrap_or(Action::Update.name());
    Action::from_str(name, false).map_err(|_| {
        row.problem(
            Field::Action,
            "`action` must be `update`, `create` or `delete`",
        )
    })
}

fn check_authorization(row: &Row) -> Result<Option<Secret>, Problem> {
    let name = row.get(Field::AuthorizationEnv);
    name.map(|name| read_secret(row, Field::AuthorizationEnv, name))
        .transpose()
}

/// Reads the secret in the variable `name`, which `field` refers to.
pub(super) fn read_secret(row: &Row, field: Field, name: &str) -> Result<Secret, Problem> {
    environment::read_secret(name, field.name())
        .map_err(|failure| row.problem(field, failure.error()))
}
