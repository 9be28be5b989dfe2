//! `jelou integration apply`: creates, updates and deletes many integrations, as a file says. Validates all rows first, sends
//! several concurrently, and can be resumed after any interruption.

pub(crate) mod arguments;
mod attempt;
mod credentials;
mod duplicates;
mod failures;
mod field;
mod input;
mod interruption;
mod journal;
mod operation;
mod outputs;
mod pace;
mod progress;
mod reading;
mod remaining;
mod report;
mod resuming;
mod row;
mod secrets;
mod sending;
mod sorting;
mod telling;
mod validation;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::failure::{Exit, Outcome};
use crate::integration::apply::arguments::ApplyArguments;
use crate::integration::apply::credentials::Clients;
use crate::integration::apply::failures::FailuresFile;
use crate::integration::apply::input::Input;
use crate::integration::apply::journal::Found;
use crate::integration::apply::pace::Pace;
use crate::integration::apply::progress::Progress;
use crate::integration::apply::reading::ReadOptions;
use crate::integration::apply::remaining::Remaining;
use crate::integration::apply::report::{Before, Recorder};
use crate::integration::apply::resuming::Earlier;
use crate::integration::apply::secrets::SecretsFile;
use crate::integration::apply::sending::Settings;
use crate::integration::apply::telling::{Actions, Next, Plan};
use crate::integration::apply::validation::Validated;
use crate::{confirmation, output, runtime};

/// The server recorded in the sandbox's journal, since its port changes with each run.
const SANDBOX: &str = "sandbox";

/// Number of rows to show in a dry run.
const SAMPLES: usize = 3;

/// Validates every row, then sends those that no earlier run has applied.
pub(crate) fn run(arguments: ApplyArguments) -> Outcome {
    runtime::serve(apply(arguments))
}

async fn apply(arguments: ApplyArguments) -> Outcome {
    let journal_argument = arguments.resuming.journal.as_deref();
    let options = ReadOptions {
        delimiter: arguments.rows.delimiter,
        ignores_unknown: arguments.rows.ignore_unknown_columns,
        action: arguments.actions.action,
    };
    let input = Input::open(
        &arguments.file,
        arguments.rows.format,
        options,
        arguments.rows.encoding,
        journal_argument,
    )?;
    outputs::check(&arguments, &input)?;
    let mut clients = Clients::open(arguments.target).await?;
    let problems = arguments.rows.problems.as_deref();
    let validated = validation::validate(&input, &mut clients, problems)?;
    telling::tell_problems(&input.name, &validated, problems);
    let is_refused = !arguments.rows.skip_invalid || validated.hides_rows;
    if validated.problems > 0 && is_refused && !arguments.sending.dry_run {
        return Err(telling::not_valid(&validated));
    }

    let path = journal_path(&input, journal_argument, &validated, clients.is_sandbox());
    let server = clients.base_url();
    if validated.valid() == 0 && !arguments.sending.dry_run {
        return nothing_to_send(&input, &validated);
    }
    let journal_server = match clients.is_sandbox() {
        true => SANDBOX,
        false => &server,
    };
    let mut found = Found::look(&path, journal_server, arguments.resuming.restart)?;
    let mut earlier = Earlier::look(&mut found, &input, &validated)?;
    let is_tried = earlier.contradicts()
        || earlier.applied.len() == validated.valid()
        || !earlier.unknown.is_empty();
    if clients.is_sandbox() && is_tried {
        // The sandbox keeps nothing between runs: if every row was applied or some have changed, send all of them again.
        found.discard();
        earlier = Earlier::default();
    }
    earlier.check(&input, &validated)?;
    let done = &(&validated.invalid | &earlier.applied) | &earlier.unknown;
    let actions = Actions::remaining(&validated, &done);
    let (digest, in_doubt) = (&validated.digest, &earlier.in_doubt);
    if arguments.sending.dry_run {
        let remaining = Remaining::open(&input, digest, &mut clients, &done, in_doubt)?;
        let plan = Plan {
            input: &input.name,
            rows: validated.rows.into(),
            valid: validated.valid(),
            problems: validated.problems,
            applied_earlier: earlier.applied.len(),
            unknown: earlier.unknown.len(),
            remaining: actions,
            server: &server,
            journal: path.display().to_string(),
            samples: remaining.first(SAMPLES)?,
        };
        telling::tell_plan(&plan, arguments.output.output)?;
        return Ok(match validated.problems {
            0 => Exit::Done,
            _ => Exit::Usage,
        });
    }
    telling::tell_earlier(&earlier, arguments.quiet);
    let remaining = actions.total();
    if actions.creates > 0 && arguments.actions.secrets.is_none() {
        return Err(secrets::needed(actions.creates));
    }
    if remaining > 0 {
        let question = format!("Send {actions} to {server}?");
        confirmation::confirm(&question, clients.is_sandbox(), arguments.confirmation.yes)?;
    }
    if actions.deletes > 0 {
        let deletes = report::count(actions.deletes, "integration");
        let question = format!("Delete {deletes}, which cannot be undone?");
        let is_allowed = clients.is_sandbox() || arguments.actions.allow_deletes;
        confirmation::confirm_deletion(&question, is_allowed)?;
    }
    let secrets = arguments.actions.secrets.as_deref();
    let secrets = secrets.filter(|_| actions.creates > 0);
    let mut secrets = secrets.map(SecretsFile::open).transpose()?;
    if let Some(path) = &arguments.report {
        outputs::open(path, "--report")?;
    }
    let failures_file = arguments.failures.as_deref();
    let failures_file = failures_file.map(|path| FailuresFile::open(path, &input));
    let mut failures_file = failures_file.transpose()?;
    let mut journal = found.begin(journal_server)?;

    let before = Before {
        input: input.name.clone(),
        journal: path.display().to_string(),
        server: journal_server.to_owned(),
        rows: validated.rows.into(),
        applied_earlier: earlier.applied.len(),
        invalid: validated.invalid.len(),
        in_doubt: earlier.in_doubt.clone(),
        unknown_earlier: earlier.unknown.len(),
        unknown: earlier.list_unknown(&input, &validated)?,
    };
    let mut progress = Progress::new(remaining, arguments.quiet);
    let (origin, redaction) = (clients.origin().clone(), clients.take_redaction());
    let mut remaining = Remaining::open(&input, digest, &mut clients, &done, in_doubt)?;
    failures_file.iter_mut().for_each(FailuresFile::begin);
    let mut recorder = Recorder::new(before, origin, redaction, &mut progress, failures_file);
    let settings = Settings {
        concurrency: arguments.sending.concurrency.into(),
        max_failures: arguments.sending.max_failures,
    };
    let pace = Rc::new(Pace::new(arguments.sending.rate));
    let ending = sending::send(
        &mut remaining,
        &mut journal,
        pace,
        settings,
        &mut recorder,
        &mut secrets,
    )
    .await;
    let (report, failures_file) = recorder.finish(&ending);
    let failures = failures_file.map_or(Ok(()), FailuresFile::finish);
    // The journal of standard input is named after its content, so a corrected input would not find it.
    let is_named_for_content = input.path().is_none() && journal_argument.is_none();
    let told = telling::tell_report(
        &report,
        ending,
        arguments.report.as_deref(),
        &Next {
            failures: arguments.failures.as_deref(),
            journal: is_named_for_content.then_some(path.as_path()),
        },
        arguments.output.output,
    );
    match (told, failures) {
        (Ok(_), Err((path, error))) => Err(telling::unwritten(&path.display().to_string(), &error)),
        (told, _) => told,
    }
}

/// Next to the input file; for standard input, in the current folder and named after its digest.
fn journal_path(
    input: &Input,
    journal: Option<&Path>,
    validated: &Validated,
    is_sandbox: bool,
) -> PathBuf {
    if let Some(journal) = journal {
        return journal.to_owned();
    }
    match input.path() {
        Some(path) => beside(path.as_os_str(), is_sandbox),
        None => {
            let name = format!("standard-input-{}", validated.digest.short());
            beside(name.as_ref(), is_sandbox)
        }
    }
}

/// The journal for an input called `name`.
fn beside(name: &OsStr, is_sandbox: bool) -> PathBuf {
    let mut path = name.to_owned();
    path.push(match is_sandbox {
        // A trial run must not interfere with the real one.
        true => ".sandbox.jelou-journal",
        false => ".jelou-journal",
    });
    path.into()
}

/// Reports that there is nothing to send; no journal is created.
fn nothing_to_send(input: &Input, validated: &Validated) -> Outcome {
    match validated.rows {
        0 => {
            output::print_note(&format!("no rows in {}; nothing was sent", input.name));
            Ok(Exit::Done)
        }
        _ => Err(telling::not_valid(validated)),
    }
}
