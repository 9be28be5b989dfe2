//! `jelou integration update`: one update of one integration.

use jelou_client::types::AuthType;
use jelou_client::{ProjectId, Secret, SomethingToUpdate, UpdateIntegration, WebhookUrl};

use crate::arguments::{Changes, UpdateArguments};
use crate::failure::Failure;
use crate::integration::listing;
use crate::target::Target;
use crate::{diagnosis, environment, output};

/// One field that is to change, checked.
#[derive(Debug)]
enum Change {
    WebhookUrl(WebhookUrl),
    AuthType(AuthType),
    Authorization(Secret),
}

/// Checks everything, then sends the update once and prints the integration.
pub(crate) async fn run(arguments: UpdateArguments) -> Result<(), Failure> {
    let project_id = parse_project_id(&arguments.project_id)?;
    let changes = read_changes(arguments.changes)?;
    let mut target = Target::open(arguments.target, &project_id).await?;
    for change in &changes {
        if let Change::Authorization(secret) = change {
            target.redaction.protect(secret);
        }
    }

    let request = target.client.integrations().update(project_id.as_str());
    let mut changes = changes.into_iter();
    let Some(first) = changes.next() else {
        return Err(nothing_to_change());
    };
    let request = changes.fold(first.set(request), |request, change| change.set(request));

    let reply = request.send().await.map_err(|error| {
        let base_url = Some(target.client.base_url());
        diagnosis::diagnose(&error, &target.origin, base_url).redacted(&target.redaction)
    })?;
    let record = listing::list(reply, &target.redaction);
    output::print_record(&record, arguments.output.output).map_err(|error| {
        Failure::new(
            crate::failure::Exit::Failed,
            "the update was done, but the result could not be written to standard output",
            "check where the output goes; the update need not be sent again",
        )
        .caused_by(Some(&error))
    })
}

impl Change {
    fn set<State>(
        self,
        request: UpdateIntegration<'_, State>,
    ) -> UpdateIntegration<'_, SomethingToUpdate> {
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
    if let Some(name) = arguments.authorization_env {
        let secret = environment::read_secret(&name, "--authorization-env")?;
        changes.push(Change::Authorization(secret));
    }
    Ok(changes)
}

/// clap asks for one of them already.
fn nothing_to_change() -> Failure {
    Failure::usage(
        "there is nothing to change",
        "give `--webhook-url`, `--auth-type` or `--authorization-env`",
    )
}
