//! Installs schemathesis, runs it and interprets its report.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::process::Command;
use std::{fs, io};

use jelou_sandbox::Sandbox;
use serde::Deserialize;

use super::{Error, Mode};
use crate::python::{self, Environment};
use crate::workspace::failed;

/// The packages and their versions.
const REQUIREMENTS: &str = include_str!("../../conformance/requirements.txt");

/// What the checks expect of single operations.
const CONFIGURATION: &str = include_str!("../../conformance/schemathesis.toml");

/// The operations that may accept no request: schemathesis cannot sign a body, and no response names a conversation.
const UNREACHABLE: [&str; 2] = [
    "POST /v1/external-support/webhook",
    "GET /v1/external-support/{projectId}/conversations/{conversationId}",
];

/// Schemathesis in an environment.
pub(super) struct Schemathesis {
    environment: Environment,
}

/// The result of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    report: Report,
    output: String,
}

/// The parts of the JSON report that decide the result.
#[derive(Debug, Deserialize)]
struct Report {
    complete: bool,
    operations: Operations,
    test_cases: TestCases,
    #[serde(default)]
    valid_rates: BTreeMap<String, BTreeMap<String, Rates>>,
}

#[derive(Debug, Deserialize)]
struct Operations {
    selected: u64,
    tested: u64,
    errored: u64,
}

#[derive(Debug, Deserialize)]
struct TestCases {
    generated: u64,
    unique_failures: u64,
    errored: u64,
}

#[derive(Debug, Deserialize)]
struct Rates {
    accepted: u64,
}

impl Schemathesis {
    /// Installs schemathesis, unless this version is already installed.
    pub(super) fn install(root: &Path) -> Result<Self, Error> {
        let environment = Environment::install(root, "conformance", REQUIREMENTS)?;
        Ok(Self { environment })
    }

    /// Sends valid and invalid requests to `sandbox`.
    pub(super) fn judge(
        &self,
        sandbox: &Sandbox,
        mode: &Mode,
        cases: u32,
    ) -> Result<Outcome, Error> {
        let folder = self.environment.folder();
        let report = folder.join("report.json");
        match fs::remove_file(&report) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(python::Error::from(failed("remove", &report)(error)).into());
            }
            _ => {}
        }
        let configuration = folder.join("schemathesis.toml");
        fs::write(&configuration, CONFIGURATION)
            .map_err(|error| python::Error::from(failed("write", &configuration)(error)))?;
        let mut command = Command::new(self.environment.program("schemathesis"));
        command
            .current_dir(folder)
            .arg("--config-file")
            .arg(&configuration)
            .args(["run", "--generation-deterministic", "--no-color"])
            .args(["--max-examples", &cases.to_string()])
            .args(["--url", &sandbox.base_url()])
            .args(mode.credentials())
            .arg("--report-json-path")
            .arg(&report)
            .arg(format!("http://{}/_sandbox/document", sandbox.address()));
        let output = command.output().map_err(|source| Error::Files {
            action: "start schemathesis".to_owned(),
            source,
        })?;
        let output = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        let report = fs::read(&report)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match report {
            Some(report) => Ok(Outcome { report, output }),
            None => Err(Error::NoReport {
                mode: mode.to_string(),
                output,
            }),
        }
    }
}

impl Outcome {
    /// The problem that was found, if any.
    pub(super) fn problem(&self) -> Option<String> {
        let Report {
            complete,
            operations,
            test_cases,
            ..
        } = &self.report;
        if test_cases.unique_failures > 0 || test_cases.errored > 0 || operations.errored > 0 {
            return Some(self.output.clone());
        }
        if !complete || operations.tested < operations.selected || operations.selected == 0 {
            return Some(format!(
                "{}\nerror: not every operation was tested",
                self.output
            ));
        }
        // Without an accepted request, no check has judged a successful response. An operation without any may be
        // missing from the report.
        let rates = self.report.valid_rates.iter();
        let accepting = rates.filter(|(_, phases)| phases.values().any(|it| it.accepted > 0));
        let mut reached: BTreeSet<&str> = accepting.map(|(name, _)| name.as_str()).collect();
        reached.extend(UNREACHABLE);
        let unaccepted = operations.tested.saturating_sub(reached.len() as u64);
        (unaccepted > 0).then(|| {
            format!(
                "error: of {unaccepted} operations, no request was accepted\n{}",
                self.output
            )
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phases = self.report.valid_rates.values();
        let rates = phases.flat_map(|phases| phases.values());
        let accepted: u64 = rates.map(|rates| rates.accepted).sum();
        let TestCases {
            generated,
            unique_failures,
            errored,
        } = self.report.test_cases;
        write!(
            formatter,
            "{generated:>5} requests, {accepted:>5} accepted, {} failures",
            unique_failures + errored
        )
    }
}
