//! The README matches the binary.

use std::collections::BTreeSet;

use crate::command::jelou;

const README: &str = include_str!("../../README.md");

/// The entries of the section `heading` in `jelou --help`, as pairs of name and meaning.
fn help_section(heading: &str) -> BTreeSet<(String, String)> {
    let help = jelou("--help").run().stdout;
    let section = help
        .split("\n\n")
        .find_map(|section| section.strip_prefix(heading));
    let pairs = section
        .unwrap()
        .lines()
        .filter_map(|line| line.trim().split_once("  "));
    pairs
        .map(|(name, meaning)| (name.to_owned(), meaning.trim().to_owned()))
        .collect()
}

/// The rows of the README's table below `heading`.
fn readme_table(heading: &str) -> BTreeSet<(String, String)> {
    let (_, rest) = README.split_once(heading).unwrap();
    let rows = rest
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1);
    let cells = rows.map_while(|row| {
        row.strip_prefix("| ")?
            .strip_suffix(" |")?
            .split_once(" | ")
    });
    cells
        .map(|(name, meaning)| (name.replace('`', ""), meaning.replace('`', "")))
        .collect()
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    assert_eq!(
        readme_table("\n## Exit codes\n"),
        help_section("Exit codes:\n")
    );
}

#[test]
fn the_variables_are_those_of_the_help() {
    assert_eq!(
        readme_table("\n## Environment\n"),
        help_section("Environment:\n")
    );
}

#[test]
fn its_commands_for_the_sandbox_succeed() {
    let blocks = README.split("```").skip(1).step_by(2);
    let commands: Vec<String> = blocks
        .filter_map(|block| block.strip_prefix("sh\n"))
        .flat_map(|block| {
            block
                .replace("\\\n", " ")
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|line| line.starts_with("jelou ") && line.contains("--sandbox"))
        .collect();
    assert!(!commands.is_empty());
    for command in commands {
        let arguments = command
            .trim_start_matches("jelou ")
            .split('|')
            .next()
            .unwrap();
        let run = jelou(arguments).run();
        assert_eq!(run.code, Some(0), "{command}\n{run}");
    }
}

/// Stand-ins for the programs in an example; each invocation of `jelou` gets `--help` appended.
#[cfg(unix)]
const STAND_INS: &str = r#"
set -o pipefail
jelou() { "$JELOU" "$@" --help > /dev/null; }
pass() { :; }
jq() { cat > /dev/null; }
man() { cat > /dev/null; }
less() { cat > /dev/null; }
cd "$FOLDER"
"#;

/// The lines of `text` that invoke the command.
#[cfg(unix)]
fn invocations(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", " ").replace("|\n", "| ");
    let lines = text.lines().map(str::trim);
    let is_invocation = |line: &&str| {
        line.starts_with("jelou ") || line.contains("| jelou ") || line.contains("=... jelou ")
    };
    // A usage line has placeholders, and the list of commands is not an invocation.
    let lines = lines
        .filter(is_invocation)
        .filter(|line| !line.contains(['<', '[']));
    lines.map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn every_example_is_a_command_that_exists() {
    let folder = crate::files::Folder::new();
    let mut examples = invocations(README);
    for command in crate::help::commands() {
        let arguments = format!("{} --help", command.trim_start_matches("jelou"));
        examples.extend(invocations(&jelou(&arguments).run().stdout));
    }
    assert!(examples.len() > 40, "{examples:#?}");
    for example in examples {
        let output = std::process::Command::new("bash")
            .args(["-c", &format!("{STAND_INS}{example}")])
            .env("JELOU", env!("CARGO_BIN_EXE_jelou"))
            .env("FOLDER", folder.path())
            .env("HOME", folder.path())
            .output();
        let output = output.expect("this test needs bash");
        assert!(output.status.success(), "{example}\n{output:?}");
    }
}
