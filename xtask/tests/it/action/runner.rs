//! Runs the scripts of a composite action with the inputs, outputs and files that GitHub's runner provides.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde::Deserialize;
use tempfile::TempDir;

use super::super::Outcome;
use super::Repository;

#[derive(Deserialize)]
struct Action {
    inputs: BTreeMap<String, Input>,
    outputs: BTreeMap<String, Output>,
    runs: Runs,
}

#[derive(Deserialize)]
struct Input {
    default: String,
}

#[derive(Deserialize)]
struct Output {
    value: String,
}

#[derive(Deserialize)]
struct Runs {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    id: Option<String>,
    run: Option<String>,
    #[serde(default, rename = "working-directory")]
    working_directory: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

/// GitHub's runner, for one job.
pub(super) struct Runner {
    temporary: TempDir,
    base_ref: &'static str,
    /// The commit of the event, which may differ from the one that is checked out.
    pub(super) sha: Option<&'static str>,
    /// The folders that come before those in `PATH`, the last one first.
    pub(super) path: Vec<PathBuf>,
}

/// The result of the action.
pub(super) struct Run {
    /// The exit code of the last step that ran.
    pub(super) code: i32,
    pub(super) stdout: String,
    /// The outputs of the action, if all steps before the last one succeeded.
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) summary: String,
    pub(super) path: Vec<PathBuf>,
    /// Keeps the files that the outputs name.
    _temporary: TempDir,
}

impl Runner {
    /// For a pull request to `main`.
    pub(super) fn new() -> Self {
        Self {
            temporary: TempDir::new().unwrap(),
            base_ref: "main",
            sha: None,
            path: Vec::new(),
        }
    }

    /// For a push.
    pub(super) fn push() -> Self {
        Self {
            base_ref: "",
            ..Self::new()
        }
    }

    /// Runs the steps that are scripts in the repository, up to the first failure.
    pub(super) fn run(mut self, repository: &Repository, inputs: &[(&str, &str)]) -> Run {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let action: Action = serde_saphyr::from_str(&read(root.join("action.yml"))).unwrap();
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (name, input) in action.inputs {
            values.insert(format!("inputs.{name}"), input.default);
        }
        for (name, value) in inputs {
            let known = values.insert(format!("inputs.{name}"), (*value).to_owned());
            assert!(known.is_some(), "the action has no input `{name}`");
        }
        values.insert("github.token".to_owned(), "token".to_owned());
        let address = "somebody/spec-first".to_owned();
        values.insert("github.action_repository".to_owned(), address);

        let mut head = Command::new("git");
        head.args(["rev-parse", "HEAD"])
            .current_dir(repository.path());
        let head = Outcome::of(&mut head).stdout;
        let [output, path, summary] =
            ["output", "path", "summary"].map(|name| self.temporary.path().join(name));
        let (mut code, mut stdout) = (0, String::new());
        for step in &action.runs.steps {
            let Some(script) = &step.run else { continue };
            for file in [&output, &path] {
                fs::write(file, "").unwrap();
            }
            let before = env::var_os("PATH").unwrap();
            let folders = self
                .path
                .iter()
                .rev()
                .cloned()
                .chain(env::split_paths(&before));
            let mut bash = Command::new("bash");
            bash.args([
                "--noprofile",
                "--norc",
                "-e",
                "-o",
                "pipefail",
                "-c",
                // One log, in the order in which it is written.
                &format!("exec 2>&1\n{script}"),
            ])
            .current_dir(
                repository
                    .path()
                    .join(expand(&step.working_directory, &values)),
            )
            .env("PATH", env::join_paths(folders).unwrap())
            // The task then reviews the repository, and not the package of this test.
            .env("CARGO_MANIFEST_DIR", repository.path().join("xtask"))
            .env("RUNNER_TEMP", self.temporary.path())
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("GITHUB_ACTION_PATH", root)
            .env("GITHUB_OUTPUT", &output)
            .env("GITHUB_PATH", &path)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("GITHUB_BASE_REF", self.base_ref)
            .env("GITHUB_EVENT_NAME", "pull_request")
            .env("GITHUB_SHA", self.sha.unwrap_or(head.trim()));
            for (name, value) in &step.env {
                bash.env(name, expand(value, &values));
            }
            let outcome = Outcome::of(&mut bash);
            stdout += &outcome.stdout;
            code = outcome.code;
            let id = step.id.as_deref().unwrap();
            for line in read(&output).lines() {
                let (name, value) = line.split_once('=').unwrap();
                values.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            }
            self.path.extend(read(&path).lines().map(PathBuf::from));
            if code != 0 {
                break;
            }
        }
        let outputs = action.outputs.into_iter();
        let outputs = outputs.filter_map(|(name, output)| {
            let expression = output
                .value
                .trim_start_matches("${{ ")
                .trim_end_matches(" }}");
            Some((name, values.get(expression)?.clone()))
        });
        Run {
            code,
            stdout,
            outputs: outputs.collect(),
            summary: fs::read_to_string(summary).unwrap_or_default(),
            path: self.path,
            _temporary: self.temporary,
        }
    }
}

impl Run {
    /// The lines of the log that GitHub takes for commands: those that begin with `::` or contain `##[`, unless commands are stopped.
    pub(super) fn commands(&self) -> Vec<&str> {
        let mut token: Option<&str> = None;
        let mut commands = Vec::new();
        for line in self.stdout.lines().map(str::trim) {
            if let Some(stopped) = token {
                if line
                    .strip_prefix("::")
                    .and_then(|line| line.strip_suffix("::"))
                    == Some(stopped)
                {
                    token = None;
                }
            } else if let Some(stopped) = line.strip_prefix("::stop-commands::") {
                token = Some(stopped);
            } else if line.starts_with("::") || line.contains("##[") {
                commands.push(line);
            }
        }
        assert_eq!(token, None, "commands are still stopped");
        commands
    }
}

/// Replaces the expressions in a text, each of which must be known.
fn expand(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (expression, after) = after.split_once("}}").unwrap();
        let value = values.get(expression.trim());
        expanded += before;
        expanded += value.unwrap_or_else(|| panic!("`{expression}` is unknown"));
        rest = after;
    }
    expanded + rest
}

pub(super) fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}
