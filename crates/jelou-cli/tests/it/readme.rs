//! The README says what the binary does.

use std::collections::BTreeSet;

use crate::command::jelou;

const README: &str = include_str!("../../README.md");

/// The lines of the section `heading` of `jelou --help`, each as name and meaning.
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

/// The rows of the table below `heading` of the README.
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
