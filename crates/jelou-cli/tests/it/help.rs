//! Tests of the help.

use crate::command::jelou;
use crate::files::Folder;

/// Maximum width of the help.
const WIDTH: usize = 100;

#[track_caller]
fn check(name: &str, arguments: &str) {
    let run = jelou(arguments).run();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(name, run);
    });
}

/// Every command, as typed.
pub(crate) fn commands() -> Vec<String> {
    let folder = Folder::new();
    let run = jelou("man --output-dir").argument(folder.path()).run();
    assert_eq!(run.code, Some(0), "{run}");
    let mut pages: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    pages
        .iter()
        .map(|page| page.trim_end_matches(".1").replace('-', " "))
        // The only name of two words.
        .map(|command| command.replace("regenerate secret", "regenerate-secret"))
        .collect()
}

#[test]
fn each_command_explains_itself() {
    // The help of `apply` is tested in `apply/help.rs`.
    let commands = commands().into_iter();
    for command in commands.filter(|command| command != "jelou integration apply") {
        let arguments = command.trim_start_matches("jelou");
        check(&command.replace(' ', "_"), &format!("{arguments} --help"));
    }
    check("jelou_integration_update_short", "integration update -h");
}

#[test]
fn each_runnable_command_has_an_example() {
    for command in commands() {
        let arguments = command.trim_start_matches("jelou");
        let help = jelou(&format!("{arguments} --help")).run().stdout;
        assert!(
            help.contains("Commands:\n") || help.contains("Examples:\n"),
            "{help}"
        );
    }
}

#[test]
fn no_example_is_broken_by_the_width() {
    for command in commands() {
        let arguments = command.trim_start_matches("jelou");
        let help = jelou(&format!("{arguments} --help")).run().stdout;
        let Some((_, examples)) = help.split_once("Examples:\n") else {
            continue;
        };
        let lines: Vec<&str> = examples.lines().collect();
        for pair in lines.windows(2) {
            assert!(!is_broken(pair[0], pair[1]), "{command}: {pair:#?}");
        }
    }
}

/// Whether `next` was wrapped from `line` because it did not fit: if pasted, it would be a separate command.
fn is_broken(line: &str, next: &str) -> bool {
    let is_command = |line: &str| line.starts_with("    ");
    let word = next.split_whitespace().next().unwrap_or_default();
    is_command(line)
        && is_command(next)
        && line.len() + 1 + word.len() > WIDTH
        && !line.ends_with('\\')
}

#[test]
fn a_missing_command_is_a_usage_error_that_shows_the_help() {
    let run = jelou("").run();
    assert_eq!(run.code, Some(2));
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr, jelou("--help").run().stdout);
}

#[test]
fn the_default_server_is_the_one_of_the_document() {
    let help = jelou("integration update --help").run().stdout;
    let (_, rest) = help.split_once("[default: https://").unwrap();
    let (server, _) = rest.split_once(']').unwrap();
    let line = format!("url: https://{server}");
    let document = jelou_spec::EXTERNAL_SUPPORT.text;
    assert!(
        document
            .lines()
            .any(|other| other.trim().trim_start_matches("- ") == line),
        "{line}"
    );
}

#[test]
fn the_version_is_the_one_of_the_package() {
    let expected = concat!("jelou ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(jelou("--version").run().stdout, expected);
}

#[test]
fn the_value_of_a_variable_does_not_reach_the_help() {
    let help = jelou("integration update --help")
        .env("JELOU_BASE_URL", "https://user:canary@my-system.com")
        .env("JELOU_API_KEY", "canary")
        .run();
    assert!(!help.stdout.contains("canary"));
}
