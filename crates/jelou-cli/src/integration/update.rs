//! `jelou integration update`: one update of one integration.

use jelou_client::types::AuthType;
use jelou_client::{Client, ProjectId, Secret, UpdateIntegration, WebhookUrl};
use jelou_sandbox::Options;

use crate::arguments::update::{Changes, UpdateArguments};
use crate::failure::{Exit, Failure, Outcome};
use crate::integration::{dry_run, listing};
use crate::output::Record;
use crate::settings::Settings;
use crate::target::Destination;
use crate::{confirmation, diagnosis, output, runtime};

/// One field that is to change, checked.
#[derive(Debug)]
pub(super) enum Change {
    WebhookUrl(WebhookUrl),
    AuthType(AuthType),
    Authorization(Secret),
}

/// Checks everything, asks, then sends the update once and prints the integration.
pub(crate) fn run(arguments: UpdateArguments) -> Outcome {
    let project_id = parse_project_id(&arguments.project_id)?;
    let authorization = arguments.changes.authorization();
    let changes = read_changes(arguments.changes)?;
    if arguments.dry_run.dry_run {
        let settings = Settings::resolve(&arguments.target)?;
        let preview = dry_run::preview(settings, &project_id, changes, authorization)?;
        return dry_run::print(&preview, arguments.output.output);
    }

    let destination = Destination::of(&arguments.target)?;
    confirmation::confirm(
        &question(&project_id, &changes, destination.name()),
        destination.is_sandbox(),
        arguments.confirmation.yes,
    )?;
    let sending = send(destination, &project_id, changes);
    let record = runtime::run(diagnosis::AGAIN, sending)?;
    output::print_record(&record, arguments.output.output).map_err(|error| {
        Failure::new(
            Exit::Failed,
            "the update was done, but the result could not be written to standard output",
            "check where the output goes; the update need not be sent again",
        )
        .caused_by(Some(&error))
    })?;
    Ok(Exit::Done)
}

async fn send(
    destination: Destination,
    project_id: &ProjectId,
    changes: Vec<Change>,
) -> Result<Record, Failure> {
    let options = Options::default().integration(project_id.as_str());
    let mut target = destination.open(options).await?;
    for change in &changes {
        if let Change::Authorization(secret) = change {
            target.redaction.protect(secret);
        }
    }
    let request = request(&target.client, project_id, changes)?;
    let reply = request.send().await.map_err(|error| {
        let base_url = Some(target.client.base_url());
        diagnosis::diagnose(&error, &target.origin, base_url).redacted(&target.redaction)
    })?;
    Ok(listing::list(reply, &target.redaction))
}

/// The update of `project_id` with all `changes`.
pub(super) fn request(
    client: &Client,
    project_id: &ProjectId,
    changes: Vec<Change>,
) -> Result<UpdateIntegration, Failure> {
    let request = client.integrations().update(project_id.as_str());
    let mut changes = changes.into_iter();
    let first = changes.next().ok_or_else(nothing_to_change)?;
    Ok(changes.fold(first.set(request), |request, change| change.set(request)))
}

fn question(project_id: &ProjectId, changes: &[Change], server: &str) -> String {
    let fields: Vec<&str> = changes.iter().map(Change::field).collect();
    format!(
        "Change {} of the integration of `{}` at {server}?",
        fields.join(" and "),
        project_id.as_str()
    )
}

impl Change {
    /// The name of the field in the API.
    fn field(&self) -> &'static str {
        match self {
            Self::WebhookUrl(_) => "webhookUrl",
            Self::AuthType(_) => "authType",
            Self::Authorization(_) => "authorization",
        }
    }

    fn set(self, request: UpdateIntegration) -> UpdateIntegration {
        match self {
            Self::WebhookUrl(url) => request.webhook_url(url.as_str()),
            Self::AuthType(auth_type) => request.auth_type(auth_type),
            Self::Authorization(authorization) => request.authorization(authorization),
        }
    }
}

fn parse_project_id(text: &str) -> Result<ProjectId, Failure> {
    ProjectId::try_from(text).map_err(|error| {
        Failure::usage(
            format!("the project id cannot be used: {error}"),
            "give the id of a Jelou project as PROJECT_ID",
        )
    })
}

fn read_changes(arguments: Changes) -> Result<Vec<Change>, Failure> {
    let source = arguments.authorization();
    let mut changes = Vec::new();
    if let Some(text) = arguments.webhook_url {
        let url = WebhookUrl::try_from(text).map_err(|error| {
            Failure::usage(
                format!("the webhook URL cannot be used: {error}"),
                "give `--webhook-url` a public address, such as `https://my-system.com/webhook/jelou-v2`",
            )
        })?;
        changes.push(Change::WebhookUrl(url));
    }
    if let Some(auth_type) = arguments.auth_type {
        changes.push(Change::AuthType(auth_type));
    }
    if let Some((source, argument)) = source {
        changes.push(Change::Authorization(source.read(argument)?));
    }
    Ok(changes)
}

/// clap asks for one of them already.
fn nothing_to_change() -> Failure {
    Failure::usage(
        "there is nothing to change",
        "give `--webhook-url`, `--auth-type`, or one of `--authorization-env`, `--authorization-file` and `--authorization-stdin`",
    )
}
