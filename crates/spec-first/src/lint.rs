//! `spec-first lint`: mistakes in documents.

mod baseline;
mod explain;
mod render;
mod rulesets;

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use spec_first_document::{Document, Finding, Pointer, fingerprint};
use spec_first_lint::{Level, Purpose as Reader, Rule, Settings};
use spec_first_sandbox::{Sandbox, StartError};

use crate::addresses::Addresses;
use crate::configuration::{LintFailOn, Profile, Purpose};
use crate::documents::Tree;
use crate::sources::Source;
use crate::terminal::{is_coloured, tell, write};
use crate::{Error, Project};
use baseline::Baseline;
use render::{Format, render};

#[cfg(feature = "schemars")]
pub use render::json_schema;

/// How many places of a rule are shown to people.
const PLACES: usize = 5;

/// What the help of the linter says below its options.
pub const HELP: &str = "\
Levels: `error` means that the document is invalid or cannot be implemented, `warning` that it will
cause trouble for people who use it, and `advice` is about style and completeness.

In a document, `x-lint-ignore: [RULE]` or `x-lint-ignore: {RULE: REASON}` turns rules off for the
object that contains it.

Exit codes: 0 no findings at the level of `--fail-on` or above; 1 findings; 2 a document or the
configuration cannot be read.";

/// What is linted, and how.
#[derive(Args, Clone, Debug)]
pub struct LintArguments {
    /// Documents to check; `-` for standard input [default: those of the project]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Set of rules to start from [default: `profile` in the configuration]
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Also report what this tool does not support; repeatable [default: `for` in the configuration]
    #[arg(long = "for", value_name = "PURPOSE", value_enum)]
    purposes: Vec<Purpose>,
    /// Lowest level that fails the command, with exit code 1 [default: `fail-on` in the configuration, else any that is shown]
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<LintFailOn>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Where to write the findings [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show every place, instead of five for each rule (text and Markdown only)
    #[arg(long)]
    all: bool,
    /// Do not report the findings listed in this file [default: `baseline` in the configuration, if it exists]
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to the baseline, so that only new ones are reported from then on
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with_all = ["baseline", "format", "output", "all"])]
    write_baseline: Option<Option<PathBuf>>,
    /// Refused, with what to write instead
    #[arg(long, value_name = "FILE", alias = "config", hide = true)]
    ruleset: Option<PathBuf>,
    /// Explain a rule, with an example that breaks it and one that follows it [default: list the rules]
    #[arg(long, value_name = "RULE", num_args = 0..=1, exclusive = true)]
    explain: Option<Option<String>>,
}

/// The rule of what the mock server works around, or cannot serve.
const MOCK: &str = "mock";

/// A finding with its level.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) finding: Finding,
    pub(crate) level: Level,
}

impl Problem {
    /// Stays the same while the finding does, wherever its line moves to.
    fn fingerprint(&self) -> String {
        let Finding {
            rule,
            pointer,
            message,
            ..
        } = &self.finding;
        fingerprint([rule, pointer.as_str(), message.as_str()])
    }
}

/// What a program that calls [`run`] finds in a document, besides what was found already.
pub type Additions<'a> = dyn Fn(&Document, &[Finding]) -> Vec<Finding> + 'a;

/// Lints the files, or the documents of the project; returns whether everything is in order.
///
/// # Errors
/// A document cannot be read, or the result cannot be written.
pub fn run(
    project: &Project,
    arguments: &LintArguments,
    additions: &Additions<'_>,
) -> Result<bool, Error> {
    let mut configured = project.configuration().lint.clone();
    if let Some(rule) = &arguments.explain {
        return explain::run(rule.as_deref(), &configured.settings());
    }
    let rulesets = arguments
        .files
        .iter()
        .find(|path| rulesets::is_ruleset(path));
    if let Some(path) = arguments.ruleset.as_ref().or(rulesets) {
        return Err(rulesets::unsupported(path));
    }
    configured.profile = arguments.profile.unwrap_or(configured.profile);
    if !arguments.purposes.is_empty() {
        configured.purposes.clone_from(&arguments.purposes);
    }
    let settings = configured.settings();
    let fail_on = arguments.fail_on.or(configured.fail_on);
    let lowest = match fail_on {
        Some(LintFailOn::Error) => Some(Level::Error),
        Some(LintFailOn::Warning) => Some(Level::Warning),
        Some(LintFailOn::Advice) => Some(Level::Advice),
        Some(LintFailOn::None) => None,
        None => Some(settings.shown()),
    };
    let mut linter = Linter {
        settings: &settings,
        // Nothing fails without being shown.
        shown: settings.shown().min(lowest.unwrap_or(Level::Error)),
        additions,
        baseline: baseline(project, arguments)?,
        is_written: arguments.write_baseline.is_some(),
        unreadable: None,
    };
    let is_streamed = arguments.format == Format::Text
        && arguments.output.is_none()
        && arguments.write_baseline.is_none();
    let coloured = arguments.output.is_none() && is_coloured(&io::stdout());
    let mut documents = Vec::new();
    for source in sources(project, &arguments.files)? {
        let source = source?;
        let name = baseline::name(project, &source);
        let problems = linter.lint(&name, &source)?;
        if is_streamed {
            // What is known is written before the next document is read.
            write(
                None,
                &render(&problems, Format::Text, arguments.all, coloured),
            )?;
        }
        documents.push((name, problems));
    }
    if linter.is_written && linter.unreadable.is_none() {
        let is_gone = |name: &str| baseline::is_gone(project, name);
        linter.baseline.write(is_gone, |rule| linter.wants(rule))?;
        return Ok(true);
    }
    let mut problems: Vec<Problem> = documents
        .into_iter()
        .flat_map(|(_, problems)| problems)
        .collect();
    if matches!(arguments.format, Format::Github | Format::Sarif) {
        let mut addresses = Addresses::new(project, arguments.files.is_empty());
        for problem in &mut problems {
            addresses.rename(&mut problem.finding.source);
        }
    }
    if !is_streamed {
        let text = render(&problems, arguments.format, arguments.all, coloured);
        write(arguments.output.as_deref(), &text)?;
    }
    let folders = arguments.files.iter().filter_map(|path| path.parent());
    let folders: Vec<&Path> = match arguments.files.is_empty() {
        true => vec![project.root()],
        false => folders.collect(),
    };
    rulesets::name_unread(project, &folders);
    let baseline = &linter.baseline;
    baseline.summarize(arguments.all, |rule| linter.wants(rule));
    if let Some(path) = linter.unreadable {
        return Err(Error::Unreadable { path });
    }
    Ok(judge(&problems, lowest))
}

/// The file with what was found before.
fn baseline(project: &Project, arguments: &LintArguments) -> Result<Baseline, Error> {
    match (&arguments.baseline, &arguments.write_baseline) {
        (Some(name), _) => Baseline::named(name, true),
        (None, Some(Some(name))) => Baseline::named(name, false),
        (None, _) => Baseline::configured(project),
    }
}

/// The documents to lint, each read when its turn comes.
fn sources<'a>(
    project: &'a Project,
    files: &'a [PathBuf],
) -> Result<Box<dyn Iterator<Item = Result<Source, Error>> + 'a>, Error> {
    if !files.is_empty() {
        return Ok(Box::new(files.iter().map(
            |file| match file.display().to_string().as_str() {
                "-" => Source::standard_input(),
                name => Source::file(name),
            },
        )));
    }
    let tree = Tree::WorkingTree(project);
    let paths = project.documents(&[&tree])?.paths.into_iter();
    Ok(Box::new(paths.map(move |path| {
        Source::in_working_tree(project.root(), &path)
    })))
}

struct Linter<'a> {
    settings: &'a Settings,
    /// The lowest level that is shown.
    shown: Level,
    additions: &'a Additions<'a>,
    baseline: Baseline,
    /// Whether the baseline is written; then it leaves nothing out.
    is_written: bool,
    /// The first document that is not YAML or JSON.
    unreadable: Option<String>,
}

impl Linter<'_> {
    /// What is to be shown about a document, which the baseline calls `name`.
    fn lint(&mut self, name: &str, source: &Source) -> Result<Vec<Problem>, Error> {
        let checked = source.document()?.and_then(|document| {
            let unsupported = spec_first_lint::unsupported_version(&document);
            unsupported.map_or(Ok(document), Err)
        });
        let document = match checked {
            Ok(document) => document,
            Err(finding) => {
                self.unreadable.get_or_insert(source.path().to_owned());
                let level = Level::Error;
                return Ok(vec![Problem { finding, level }]);
            }
        };
        self.baseline.note(name);
        let mut problems = Vec::new();
        for finding in self.check(&document) {
            let Some(level) = self.settings.level(finding.rule) else {
                continue;
            };
            if level < self.shown {
                continue;
            }
            let problem = Problem { finding, level };
            let is_known = self.baseline.contains(name, source, &problem);
            if is_known && !self.is_written {
                self.baseline.leave_out();
            } else {
                problems.push(problem);
            }
        }
        Ok(problems)
    }

    /// Whether what the rule finds is shown.
    fn wants(&self, rule: &str) -> bool {
        self.settings.level(rule) >= Some(self.shown)
    }

    fn check(&self, document: &Document) -> Vec<Finding> {
        let mut others = Vec::new();
        if self.settings.purposes.contains(&Reader::Rust) {
            others.extend(spec_first_codegen::unsupported(document));
        }
        if self.settings.purposes.contains(&Reader::Mock) {
            others.extend(flaws(document));
        }
        let wanted = |rule: &Rule| self.wants(rule.name);
        let mut findings = spec_first_lint::check_for(document, wanted, &others);
        let added = (self.additions)(document, &findings);
        findings.extend(added);
        findings
    }
}

/// Says on standard error how many findings there are; returns whether none of them makes the command fail.
fn judge(problems: &[Problem], lowest: Option<Level>) -> bool {
    let fails = |problem: &Problem| lowest.is_some_and(|lowest| problem.level >= lowest);
    let is_failure = problems.iter().any(fails);
    if !problems.is_empty() {
        let title = if is_failure { "error" } else { "warning" };
        tell(format_args!("{title}: {}", render::headline(problems)));
        tell("hint: `spec-first lint --explain RULE` says why a rule exists");
    }
    !is_failure
}

/// What the mock server cannot serve as it is written.
fn flaws(document: &Document) -> Vec<Finding> {
    let options = spec_first_sandbox::Options::from_document(document.clone());
    match Sandbox::prepare(options) {
        Ok(prepared) => {
            let flaws = prepared.flaws().iter();
            let findings = flaws.map(|flaw| {
                let finding = flaw.finding().clone();
                match Rule::find(finding.rule) {
                    Ok(_) => finding,
                    Err(_) => Finding {
                        rule: MOCK,
                        ..finding
                    },
                }
            });
            findings.collect()
        }
        Err(StartError::Document { problem, help, .. }) => {
            vec![document.finding(MOCK, &Pointer::root(), problem, help)]
        }
        Err(_) => Vec::new(),
    }
}
