//! Tests of the help.

use crate::command::jelou;

const README: &str = include_str!("../../../README.md");

#[test]
fn apply_explains_itself() {
    let run = jelou("integration apply --help").run();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("jelou_integration_apply", run);
    });
    let run = jelou("integration apply -h").run();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("jelou_integration_apply_short", run);
    });
}

#[test]
fn an_invalid_rate_is_rejected() {
    for rate in ["0", "-1", "none", "NaN", "inf"] {
        let run = jelou("integration apply rows.csv")
            .argument(format!("--rate={rate}"))
            .run();
        assert_eq!(run.code, Some(2), "{rate}");
        assert!(run.stderr.contains("give a number from"), "{run}");
    }
}

#[test]
fn the_fields_of_the_readme_are_those_of_the_help() {
    let help = jelou("integration apply --help").run().stdout;
    let (_, fields) = help.split_once("Fields of a row").unwrap();
    let fields: Vec<String> = fields
        .lines()
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split_once("  "))
        .map(|(name, meaning)| format!("| `{name}` | {} |", meaning.trim()))
        .collect();
    let (_, section) = README
        .split_once("\n## Create, update and delete many integrations\n")
        .unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with("|---"));
    let rows: Vec<&str> = rows
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(rows, fields);
}
