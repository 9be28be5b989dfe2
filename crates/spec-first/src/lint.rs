//! `spec-first lint`: mistakes in documents.

mod explain;
mod text;

use std::io;
use std::path::PathBuf;

use clap::Args;
use spec_first_document::{Document, Finding, Pointer};
use spec_first_lint::{Level, Purpose as Reader, Settings};
use spec_first_sandbox::{Sandbox, StartError};

use crate::configuration::{LintFailOn, Profile, Purpose};
use crate::documents::Tree;
use crate::sources::Source;
use crate::terminal::{is_coloured, plural, write};
use crate::{Error, Project};

/// What the help of the linter says below its options.
pub const HELP: &str = "\
Levels: `error` means that the document is wrong or cannot be implemented, `warning` that somebody
who uses it will be hurt, and `advice` is about style and completeness.

In a document, `x-lint-ignore: [RULE]` or `x-lint-ignore: {RULE: REASON}` switches rules off for the
object that contains it.

Exit codes: 0 nothing at the level of `--fail-on` or above; 1 findings; 2 a document or the
configuration cannot be read.";

/// What is linted, and how.
#[derive(Args, Clone, Debug)]
pub struct LintArguments {
    /// The documents to check; `-` for standard input [default: those of the project]
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The rules to begin with [default: `profile` of the configuration]
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Report what this program does not support, too; may be repeated [default: `for` of the configuration]
    #[arg(long = "for", value_name = "PURPOSE", value_enum)]
    purposes: Vec<Purpose>,
    /// The lowest level that makes the exit code 1 [default: `fail-on` of the configuration, or what is shown]
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<LintFailOn>,
    /// Show every place, instead of five for each rule
    #[arg(long)]
    all: bool,
    /// Say what a rule requires and why, with an example that is wrong and one that is right [default: list the rules]
    #[arg(long, value_name = "RULE", num_args = 0..=1, exclusive = true)]
    explain: Option<Option<String>>,
}

/// The rule of what the mock server works around.
const FLAW: &str = "mock";

/// A finding with its level.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) finding: Finding,
    pub(crate) level: Level,
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
    configured.profile = arguments.profile.unwrap_or(configured.profile);
    if !arguments.purposes.is_empty() {
        configured.purposes.clone_from(&arguments.purposes);
    }
    let settings = configured.settings();
    let mut linter = Linter {
        settings: &settings,
        additions,
        counts: [0; 3],
        unreadable: Vec::new(),
    };
    for source in sources(project, &arguments.files)? {
        let source = source?;
        let problems = linter.lint(&source)?;
        // What is known is written before the next document is read.
        let coloured = is_coloured(&io::stdout());
        write(None, &text::render(&problems, arguments.all, coloured))?;
    }
    linter.judge(arguments.fail_on.or(configured.fail_on))
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
    additions: &'a Additions<'a>,
    /// How many findings there are, by level.
    counts: [usize; 3],
    /// The documents that are not YAML or JSON.
    unreadable: Vec<String>,
}

impl Linter<'_> {
    /// What is to be shown about a document.
    fn lint(&mut self, source: &Source) -> Result<Vec<Problem>, Error> {
        let findings = match Document::parse(source.path(), &source.read()?) {
            Ok(document) => self.check(&document),
            Err(finding) => {
                self.unreadable.push(source.path().to_owned());
                vec![finding]
            }
        };
        let mut problems = Vec::new();
        for finding in findings {
            let level = match finding.rule {
                FLAW => Some(Level::Warning),
                rule => self.settings.level(rule),
            };
            let Some(level) = level else { continue };
            self.counts[level as usize] += 1;
            if level >= self.settings.shown() {
                problems.push(Problem { finding, level });
            }
        }
        Ok(problems)
    }

    fn check(&self, document: &Document) -> Vec<Finding> {
        let mut findings = spec_first_lint::check(document);
        if self.settings.purposes.contains(&Reader::Rust) {
            findings.extend(spec_first_codegen::unsupported(document));
        }
        if self.settings.purposes.contains(&Reader::Mock) {
            findings.extend(flaws(document));
        }
        let added = (self.additions)(document, &findings);
        findings.extend(added);
        findings
    }

    /// Says on standard error how many findings there are; returns whether none of them makes the command fail.
    fn judge(&self, fail_on: Option<LintFailOn>) -> Result<bool, Error> {
        if let [first, ..] = &self.unreadable[..] {
            return Err(Error::Unreadable {
                path: first.clone(),
            });
        }
        let lowest = match fail_on {
            Some(LintFailOn::Error) => Some(Level::Error),
            Some(LintFailOn::Warning) => Some(Level::Warning),
            Some(LintFailOn::Advice) => Some(Level::Advice),
            Some(LintFailOn::None) => None,
            None => Some(self.settings.shown()),
        };
        let shown = [Level::Error, Level::Warning, Level::Advice];
        let shown = shown
            .iter()
            .filter(|level| **level >= self.settings.shown());
        let counts = shown.filter_map(|level| {
            let count = self.counts[*level as usize];
            let noun = match level {
                Level::Error => plural(count, "error", "errors"),
                Level::Warning => plural(count, "warning", "warnings"),
                Level::Advice => plural(count, "piece of advice", "pieces of advice"),
            };
            (count > 0).then_some(noun)
        });
        let counts: Vec<String> = counts.collect();
        let fails = |level| lowest.is_some_and(|lowest| level >= lowest);
        let levels = [Level::Advice, Level::Warning, Level::Error];
        let is_failure = levels
            .iter()
            .any(|level| fails(*level) && self.counts[*level as usize] > 0);
        if !counts.is_empty() {
            let title = if is_failure { "error" } else { "warning" };
            eprintln!("{title}: {}", counts.join(", "));
            eprintln!("hint: `spec-first lint --explain RULE` says why a rule exists");
        }
        Ok(!is_failure)
    }
}

/// What the mock server cannot serve as it is written.
fn flaws(document: &Document) -> Vec<Finding> {
    let source = document.source();
    let options = spec_first_sandbox::Options::new(&source.name, &source.text);
    match Sandbox::prepare(options) {
        Ok(prepared) => {
            let flaws = prepared.flaws().iter();
            let findings = flaws.map(|flaw| Finding {
                rule: FLAW,
                ..(*flaw.finding).clone()
            });
            findings.collect()
        }
        Err(StartError::Document { problem, help, .. }) => {
            vec![document.finding("mock-unservable", &Pointer::root(), problem, help)]
        }
        Err(_) => Vec::new(),
    }
}
