//! Runs each command in the sandbox's README, verbatim, from the root of the repository.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{FILTERS, Run};
use crate::files::Folder;
use crate::sandbox::Running;

const README: &str = include_str!("../../../jelou-sandbox/README.md");

/// The start of lines that run a sandbox.
const START: &str = "cargo run --bin jelou -- sandbox";

/// The address of a sandbox started by such a line.
const ORIGIN: &str = "http://127.0.0.1:4010";

/// The file with the update that the lines send; it also contains the origin.
const UPDATE: &str = "crates/jelou-sandbox/examples/update.curl";

/// Additional filters for output that varies between runs; see [`FILTERS`].
const VARYING: [(&str, &str); 5] = [
    (r"date: [^\r\n]+", "date: [DATE]"),
    (r#""time":"[^"]+""#, r#""time":"[NOW]""#),
    (r"curl/[0-9.]+", "curl/[VERSION]"),
    (r"curl: (\(\d+\)) [^\n]+", "curl: $1 [WHAT HAPPENED]"),
    (r#""version":"\d[^"]+""#, r#""version":"[VERSION]""#),
];

/// The lines of all shell code blocks.
fn lines() -> impl Iterator<Item = &'static str> {
    let blocks = README.split("```").skip(1).step_by(2);
    blocks
        .filter_map(|block| block.strip_prefix("sh\n"))
        .flat_map(str::lines)
}

/// Prepares the line for `bash`, with replacements for paths and addresses that would interfere with other tests.
fn bash(line: &str, replaced: &[(&str, &str)]) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let line = replaced
        .iter()
        .fold(line.to_owned(), |line, (from, to)| line.replace(from, to));
    let mut command = Command::new("bash");
    command
        .args(["-c", &line])
        .current_dir(root)
        .env("JELOU", env!("CARGO_BIN_EXE_jelou"));
    command
}

fn start(line: &str, folder: &Folder) -> Result<Running, Run> {
    let state = folder.path().join("state").display().to_string();
    let line = format!("{line} --port 0");
    let program = r#"exec "$JELOU" sandbox"#;
    Running::try_start(bash(
        &line,
        &[(START, program), ("target/sandbox.state", &state)],
    ))
}

/// Runs the line against the running sandbox.
fn send(line: &str, running: &Running, folder: &Folder) -> Run {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let update = fs::read_to_string(root.join(UPDATE)).unwrap();
    let update = folder.write("update", update.replace(ORIGIN, running.origin()));
    let update = update.display().to_string();
    // curl shows progress if its output is not a terminal.
    let quiet = "curl --silent --show-error ";
    let mut command = bash(
        line,
        &[
            (UPDATE, &update),
            (ORIGIN, running.origin()),
            ("curl ", quiet),
        ],
    );
    Run::from(command.output().expect("this test needs bash and curl"))
}

/// Appends the output, and the exit code of a failure.
fn show(run: &Run, transcript: &mut String) {
    for text in [&run.stdout, &run.stderr] {
        let text = text.replace('\r', "");
        for line in text.lines() {
            writeln!(transcript, "{}", format!("  {line}").trim_end()).unwrap();
        }
    }
    if run.code != Some(0) {
        writeln!(transcript, "  [exit code {}]", run.code.unwrap()).unwrap();
    }
}

#[test]
fn every_command_does_what_the_readme_says() {
    let folder = Folder::new();
    let mut running = None;
    let mut transcript = String::new();
    for line in lines().filter(|line| !line.starts_with("cargo xtask ")) {
        writeln!(transcript, "$ {line}").unwrap();
        let run = if line.starts_with(START) {
            // Stop the previous sandbox first: the next one may use the same files.
            running = None;
            match start(line, &folder) {
                Ok(started) => {
                    running = Some(started);
                    continue;
                }
                Err(refused) => refused,
            }
        } else {
            assert!(line.starts_with("curl "), "{line}");
            send(line, running.as_ref().expect("nothing runs"), &folder)
        };
        show(&run, &mut transcript);
    }
    let filters = FILTERS.into_iter().chain(VARYING).collect::<Vec<_>>();
    insta::with_settings!({ filters => filters, omit_expression => true }, {
        insta::assert_snapshot!("sandbox_readme", transcript);
    });
}
