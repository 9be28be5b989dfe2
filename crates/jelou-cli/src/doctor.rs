//! `jelou doctor`: checks everything between this machine and the API, and suggests fixes.
//!
//! Sends a single request, `get_integration`, which changes nothing. An invalid update, such as one without fields, would reveal
//! more, but the server might accept it and a gateway might count it.

mod check;
mod network;

use jelou_client::{HttpResponse, ProjectId};
use jelou_sandbox::Options;

use crate::arguments::doctor::DoctorArguments;
use crate::doctor::check::{Check, Report};
use crate::doctor::network::Server;
use crate::failure::{Exit, Failure, Outcome};
use crate::redaction::show_base_url;
use crate::settings::{Settings, SigningSecret};
use crate::target::{Destination, Target};
use crate::{diagnosis, output, runtime, target};

pub(crate) fn run(arguments: DoctorArguments) -> Outcome {
    let format = arguments.output.output;
    let report = runtime::run("nothing was changed", examine(arguments))?;
    output::print(&report, Report::render, format)?;
    Ok(report.exit())
}

async fn examine(arguments: DoctorArguments) -> Result<Report, Failure> {
    let mut report = Report::default();
    let settings = match arguments.target.sandbox {
        true => None,
        false => match Settings::resolve(&arguments.target) {
            Ok(settings) => Some(settings),
            Err(failure) => {
                report.fail("configuration", &failure);
                report.skip_from("credentials", "the configuration comes first");
                return Ok(report);
            }
        },
    };
    if let Some(failure) = settings
        .as_ref()
        .and_then(|settings| target::check_base_url(settings.base_url()).err())
    {
        report.fail("configuration", &failure);
        report.skip_from("credentials", "the configuration comes first");
        return Ok(report);
    }
    report.ok("configuration", describe_configuration(settings.as_ref()));

    let base_url = settings
        .as_ref()
        .map(|settings| settings.base_url().to_owned());
    let target = match Destination::of(&arguments.target) {
        Ok(destination) => {
            let options = Options::default().integration(&arguments.project);
            let target = destination.open(options).await?;
            report.ok(
                "credentials",
                format!("found: {}", target.origin.credentials),
            );
            Some(target)
        }
        Err(failure) => {
            report.fail("credentials", &failure);
            None
        }
    };
    // Only messages and events need one, and nothing else depends on it.
    if let Some(found) = settings.and_then(|settings| settings.signing_secret) {
        let detail = format!("found: a signing secret, named by {}", found.named_by);
        match SigningSecret::read(Some(found)) {
            Ok(_) => report.ok("signature", detail),
            Err(failure) => report.fail("signature", &failure),
        }
    }
    let opened = target
        .as_ref()
        .map(|target| target.client.base_url().to_owned());
    let Some(server) = opened.or(base_url).as_deref().and_then(Server::parse) else {
        report.skip_from("DNS", "no server to look up");
        return Ok(report);
    };
    let is_found = network::look_up(&server, &mut report).await;
    if is_found {
        network::connect(&server, &mut report).await;
    } else {
        report.skip("connection", "the name comes first");
    }
    match target {
        Some(target) => ask(&target, &server, &arguments.project, &mut report).await?,
        None => report.skip_from("TLS", "the credentials come first"),
    }
    Ok(report)
}

fn describe_configuration(settings: Option<&Settings>) -> String {
    let Some(settings) = settings else {
        return "not needed for the sandbox".to_owned();
    };
    let profile = match &settings.profile {
        Some((name, origin)) => format!("profile `{name}`, from {origin}"),
        None => "no profile".to_owned(),
    };
    format!(
        "{profile}; base URL `{}`, from {}",
        show_base_url(settings.base_url()),
        settings.base_url_origin
    )
}

/// Sends the request and derives the remaining checks from the response.
async fn ask(
    target: &Target,
    server: &Server,
    project: &str,
    report: &mut Report,
) -> Result<(), Failure> {
    let path = documented_path(target, project)?;
    match target.client.request("GET", &path).send().await {
        Ok(answer) => {
            report.push(network::read_tls(server));
            report.push(network::read_clock(&answer));
            report.push(read_status(&answer, target));
            report.push(read_acceptance(&answer, target));
        }
        Err(error) => {
            let base_url = target.client.base_url();
            let failure = diagnosis::diagnose_request(&error, &target.origin, base_url)
                .redacted(&target.redaction);
            let is_tls = matches!(
                error,
                jelou_client::Error::NotSent {
                    is_temporary: false,
                    ..
                }
            );
            if is_tls {
                report.push(network::failed_tls(&failure));
                report.skip_from("clock", "no answer came");
            } else {
                report.skip("TLS", "no answer came");
                report.skip("clock", "no answer came");
                report.fail("API", &failure);
                report.skip("acceptance", "no answer came");
            }
        }
    }
    Ok(())
}

/// The path of the integration, relative to the base URL.
fn documented_path(target: &Target, project: &str) -> Result<String, Failure> {
    let project_id = ProjectId::try_from(project).map_err(|error| {
        Failure::usage(
            format!("the project id cannot be used: {error}"),
            "give the id of a Jelou project with `--project`",
        )
    })?;
    let get = target.client.integrations().get(project_id.as_str());
    let request = get
        .prepare()
        .map_err(|error| diagnosis::diagnose(&error, &target.origin, None))?;
    let path = request.url().strip_prefix(target.client.base_url());
    Ok(path.unwrap_or("/").to_owned())
}

fn read_status(answer: &HttpResponse, target: &Target) -> Check {
    let status = answer.status();
    let base_url = target.client.base_url();
    let shown = format!("`{base_url}` answered a GET with status {status}");
    match status {
        300..=399 => Check::failed("API", Exit::Failed, shown)
            .hint("redirects are not followed; check the base URL"),
        500.. => Check::failed("API", Exit::Failed, shown)
            .hint("the server failed; try again later, or ask its operators"),
        _ => Check::ok("API", shown),
    }
}

fn read_acceptance(answer: &HttpResponse, target: &Target) -> Check {
    let status = answer.status();
    match status {
        401 | 403 => {
            let base_url = target.client.base_url();
            let failure = diagnosis::diagnose_status(status, &target.origin, base_url);
            Check::failed(
                "acceptance",
                Exit::NotAuthorized,
                "the credentials were refused",
            )
            .hint(failure.hint())
        }
        300..=399 | 500.. => Check::skipped("acceptance", "the API comes first"),
        404 => Check::ok(
            "acceptance",
            "the credentials were not refused; the project was not found, or has no integration",
        ),
        _ => Check::ok("acceptance", "the credentials were not refused"),
    }
}
