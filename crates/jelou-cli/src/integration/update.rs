//! `jelou integration update`: one update of one integration.

use jelou_client::{InvalidWebhookUrl, ProjectId};
use jelou_sandbox::Options;

use crate::arguments::update::UpdateArguments;
use crate::failure::{Exit, Failure, Outcome};
use crate::integration::changes::Changes;
use crate::integration::listing;
use crate::output::Record;
use crate::settings::Settings;
use crate::target::Destination;
use crate::{confirmation, diagnosis, dry_run, output, runtime, target};

/// Validates the arguments, asks for confirmation, sends the update and prints the integration.
pub(crate) fn run(arguments: UpdateArguments) -> Outcome {
    let project_id = parse_project_id(&arguments.project_id)?;
    let source = arguments.changes.auth.authorization();
    let changes = read_changes(&arguments)?;
    if arguments.dry_run.dry_run {
        let settings = Settings::resolve(&arguments.target)?;
        let authorization = changes.authorization.clone();
        let authorization = authorization.zip(source.map(|(source, _)| source));
        let preview = dry_run::preview(settings, None, authorization, |client| {
            Ok(changes.request(client, &project_id))
        })?;
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
    changes: Changes,
) -> Result<Record, Failure> {
    let options = Options::default().integration(project_id.as_str());
    let mut target = destination.open(options).await?;
    if let Some(secret) = &changes.authorization {
        target.redaction.protect(secret);
    }
    let request = changes.request(&target.client, project_id);
    let reply = request.send().await.map_err(|error| {
        let base_url = Some(target.client.base_url());
        diagnosis::diagnose(&error, &target.origin, base_url).redacted(&target.redaction)
    })?;
    Ok(listing::list(reply, &target.redaction))
}

fn question(project_id: &ProjectId, changes: &Changes, server: &str) -> String {
    format!(
        "Change {} of the integration of `{}` at {server}?",
        changes.fields().join(" and "),
        project_id.as_str()
    )
}

fn parse_project_id(text: &str) -> Result<ProjectId, Failure> {
    ProjectId::try_from(text).map_err(|error| {
        Failure::usage(
            format!("the project id cannot be used: {error}"),
            "give the id of a Jelou project as PROJECT_ID",
        )
    })
}

fn read_changes(arguments: &UpdateArguments) -> Result<Changes, Failure> {
    let source = arguments.changes.auth.authorization();
    let is_local = || {
        let target = &arguments.target;
        let base_url = || Settings::resolve(target).ok()?.base_url;
        target.sandbox || base_url().is_some_and(|url| target::is_local(&url))
    };
    let url = arguments.changes.webhook_url.as_deref();
    let url = url.map(|text| target::parse_webhook_url(text, is_local));
    Ok(Changes {
        webhook_url: url.transpose().map_err(unusable_url)?,
        auth_type: arguments.changes.auth.auth_type,
        authorization: source
            .map(|(source, argument)| source.read(argument))
            .transpose()?,
    })
}

pub(crate) fn unusable_url(error: InvalidWebhookUrl) -> Failure {
    Failure::usage(
        format!("the webhook URL cannot be used: {error}"),
        "give `--webhook-url` a public address, such as `https://my-system.com/webhook/jelou-v2`",
    )
}
