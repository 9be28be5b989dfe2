//! `cargo xtask fuzz`: fuzzes code that reads untrusted bytes. Discovers the targets; knows none by name.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

use crate::process;
use crate::workspace::{self, Workspace};

/// The crates that have a package of fuzz targets in `fuzz`.
const CRATES: [&str; 4] = [
    "spec-first-runtime",
    "jelou-client",
    "spec-first-review",
    "spec-first-ledger",
];

/// Timeout for one input, in seconds.
const SLOWEST: u32 = 5;

/// A failure of fuzzing itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cargo-fuzz is not installed; install it with `cargo install cargo-fuzz --locked`")]
    NotInstalled,

    #[error("there is no fuzz target `{name}`; the targets are: {targets}")]
    NoTarget { name: String, targets: String },

    #[error("the fuzz targets cannot be built, for the reason above")]
    NotBuilt,

    #[error("the fuzz target `{target}` ended before its time and found nothing:\n{output}")]
    Broken { target: String, output: String },

    #[error(transparent)]
    Workspace(#[from] workspace::Error),

    #[error("cannot {action}")]
    Failed { action: String, source: io::Error },
}

/// Runs the targets in `names`, or all of them if it is empty, for `seconds` each; returns whether there were no
/// findings.
pub(crate) fn run(workspace: &Workspace, seconds: u32, names: &[String]) -> Result<bool, Error> {
    let targets = select(list(workspace)?, names)?;
    let fuzzer = Fuzzer::find(workspace)?;
    for package in CRATES {
        if targets.iter().any(|target| target.package == package) {
            fuzzer.build(package)?;
        }
    }

    let width = targets.iter().map(|target| target.name.len()).max();
    let width = width.unwrap_or_default();
    let mut findings = Vec::new();
    for target in targets {
        let outcome = fuzzer.fuzz(&target, seconds)?;
        println!(
            "{:width$} {:>12} executions",
            target.name, outcome.executions
        );
        if let Some(finding) = outcome.finding {
            eprintln!("{}", finding.explanation);
            findings.push((target, finding.input));
        }
    }
    for (Target { package, name }, input) in &findings {
        let folder = folder(package);
        eprintln!("error: `{name}` found `{input}`");
        eprintln!(
            "hint: `cp '{input}' {folder}/corpus/{name}/WHAT-IT-IS` makes it a test, which \
             `cargo test -p {package} fuzzing` runs; then fix what it tests"
        );
    }
    Ok(findings.is_empty())
}

/// A fuzz target.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    /// The crate under test.
    package: &'static str,
    name: String,
}

/// The fuzz package of a crate.
fn folder(package: &str) -> String {
    format!("crates/{package}/fuzz")
}

/// Lists all targets, which are named after their files.
fn list(workspace: &Workspace) -> Result<Vec<Target>, Error> {
    let mut targets = Vec::new();
    for package in CRATES {
        let files = workspace.rust_files(&format!("{}/fuzz_targets", folder(package)))?;
        let names = files
            .iter()
            .filter_map(|file| Path::new(file).file_stem()?.to_str());
        targets.extend(names.map(|name| Target {
            package,
            name: name.to_owned(),
        }));
    }
    Ok(targets)
}

fn select(targets: Vec<Target>, names: &[String]) -> Result<Vec<Target>, Error> {
    let known: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Error::NoTarget {
            name: name.clone(),
            targets: known.join(", "),
        });
    }
    let is_selected = |target: &Target| names.is_empty() || names.contains(&target.name);
    Ok(targets.into_iter().filter(is_selected).collect())
}

/// Runs cargo-fuzz. All output is under the target directory, so an interrupted run leaves nothing elsewhere.
struct Fuzzer {
    root: PathBuf,
    output: PathBuf,
}

impl Fuzzer {
    fn find(workspace: &Workspace) -> Result<Self, Error> {
        let root = workspace.root().to_owned();
        let target = env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let fuzzer = Self {
            output: root.join(target).join("fuzz"),
            root,
        };
        let mut command = fuzzer.command("--version");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().map_err(failed("run cargo"))?;
        if status.success() {
            Ok(fuzzer)
        } else {
            Err(Error::NotInstalled)
        }
    }

    fn command(&self, subcommand: &str) -> Command {
        let mut command = process::cargo();
        command.current_dir(&self.root).args(["fuzz", subcommand]);
        command
    }

    /// `build` or `run`. Sanitizers need a nightly compiler, and find little in Rust code without `unsafe`.
    fn command_on_package(&self, subcommand: &str, package: &str) -> Command {
        let mut command = self.command(subcommand);
        command.args(["--sanitizer", "none", "--fuzz-dir", &folder(package)]);
        command.arg("--target-dir").arg(&self.output);
        command
    }

    fn build(&self, package: &str) -> Result<(), Error> {
        let status = self.command_on_package("build", package).status();
        if status.map_err(failed("run cargo-fuzz"))?.success() {
            Ok(())
        } else {
            Err(Error::NotBuilt)
        }
    }

    fn fuzz(&self, target: &Target, seconds: u32) -> Result<Outcome, Error> {
        let Target { package, name } = target;
        let package_folder = folder(package);
        let package_folder = Path::new(&package_folder);
        // libFuzzer adds inputs to the first folder and only reads the checked-in one.
        let found = self.folder("found", name)?;
        let artifacts = self.folder("artifacts", name)?;
        let corpus = package_folder.join("corpus").join(name);
        let dictionary = package_folder.join(format!("dictionaries/{name}.dict"));
        let output = self
            .command_on_package("run", package)
            .arg(name)
            .args([&found, &corpus])
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-timeout={SLOWEST}"))
            .arg("-print_final_stats=1")
            .arg(option("-dict=", dictionary.as_os_str()))
            .arg(option("-artifact_prefix=", artifacts.join("").as_os_str()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .map_err(failed("run cargo-fuzz"))?;
        let text = String::from_utf8_lossy(&output.stderr);
        let outcome = Outcome::read(&text, &self.root);
        if output.status.success() || outcome.finding.is_some() {
            return Ok(outcome);
        }
        Err(Error::Broken {
            target: name.clone(),
            output: text.into_owned(),
        })
    }

    fn folder(&self, kind: &str, target: &str) -> Result<PathBuf, Error> {
        let folder = self.output.join(kind).join(target);
        let action = format!("make the folder `{}`", folder.display());
        fs::create_dir_all(&folder).map_err(failed(&action))?;
        Ok(folder)
    }
}

fn option(name: &str, value: &OsStr) -> std::ffi::OsString {
    let mut option = std::ffi::OsString::from(name);
    option.push(value);
    option
}

fn failed(action: &str) -> impl FnOnce(io::Error) -> Error {
    let action = action.to_owned();
    move |source| Error::Failed { action, source }
}

/// The summary that libFuzzer prints at the end.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    executions: u64,
    finding: Option<Finding>,
}

#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// The file with the input.
    input: String,
    /// The property that was violated.
    explanation: String,
}

impl Outcome {
    fn read(text: &str, root: &Path) -> Self {
        let value = |name: &str| {
            text.lines()
                .find_map(|line| Some(line.split_once(name)?.1.trim()))
        };
        let is_explanation =
            |line: &&str| line.contains("panicked at") || line.contains("ERROR: libFuzzer");
        let explanation: Vec<_> = text
            .lines()
            .skip_while(|line| !is_explanation(line))
            .take_while(|line| !line.starts_with("stack backtrace:") && !line.starts_with("NOTE:"))
            .collect();
        Self {
            executions: value("stat::number_of_executed_units:")
                .and_then(|count| count.parse().ok())
                .unwrap_or_default(),
            finding: value("Test unit written to ").map(|input| Finding {
                input: shorten(input, root),
                explanation: explanation.join("\n"),
            }),
        }
    }
}

/// `path` relative to the workspace root, if it is inside.
fn shorten(path: &str, root: &Path) -> String {
    let from_root = Path::new(path).strip_prefix(root).ok();
    from_root.and_then(Path::to_str).unwrap_or(path).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: &str = "\
INFO: seed corpus: files: 15 min: 5b max: 42b total: 331b rss: 28Mb
#16\tINITED cov: 300 ft: 400 corp: 14/300b exec/s: 0 rss: 29Mb
#551810\tDONE   cov: 310 ft: 900 corp: 120/5000b exec/s: 110362 rss: 40Mb
Done 551810 runs in 5 second(s)
stat::number_of_executed_units: 551810
stat::average_exec_per_sec:     110362
";

    const CRASH: &str = "\
#16\tINITED cov: 300 ft: 400 corp: 14/300b exec/s: 0 rss: 29Mb

thread '<unnamed>' (17073) panicked at crates/spec-first-runtime/src/fuzzing/base_url.rs:65:5:
the base URL cannot be used: `canary` is neither `https` nor `http`
stack backtrace:
   0: __rustc::rust_begin_unwind
==17073== ERROR: libFuzzer: deadly signal
NOTE: libFuzzer has rudimentary signal handlers.
artifact_prefix='/workspace/target/fuzz/artifacts/base_url/'; Test unit written to /workspace/target/fuzz/artifacts/base_url/crash-09ba
Base64: Y2FuYXI=
stat::number_of_executed_units: 2103
";

    #[test]
    fn a_run_to_the_end_is_counted() {
        let outcome = Outcome::read(NOTHING, Path::new("/workspace"));
        let expected = Outcome {
            executions: 551_810,
            finding: None,
        };
        assert_eq!(outcome, expected);
    }

    #[test]
    fn a_finding_says_where_its_input_is_and_what_does_not_hold() {
        let outcome = Outcome::read(CRASH, Path::new("/workspace"));
        assert_eq!(outcome.executions, 2103);
        let finding = outcome.finding.unwrap();
        assert_eq!(finding.input, "target/fuzz/artifacts/base_url/crash-09ba");
        insta::assert_snapshot!(finding.explanation, @"
        thread '<unnamed>' (17073) panicked at crates/spec-first-runtime/src/fuzzing/base_url.rs:65:5:
        the base URL cannot be used: `canary` is neither `https` nor `http`
        ");
    }

    #[test]
    fn a_target_is_chosen_by_its_name() {
        let target = |name: &str| Target {
            package: CRATES[0],
            name: name.to_owned(),
        };
        let targets = || vec![target("base_url"), target("reply")];
        assert_eq!(select(targets(), &[]).unwrap(), targets());
        let selected = select(targets(), &["reply".to_owned()]).unwrap();
        assert_eq!(selected, [target("reply")]);
        let error = select(targets(), &["header".to_owned()]).unwrap_err();
        insta::assert_snapshot!(error, @"there is no fuzz target `header`; the targets are: base_url, reply");
    }
}
