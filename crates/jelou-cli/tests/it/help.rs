//! What a newcomer reads first.

use crate::command::jelou;

#[track_caller]
fn check(name: &str, arguments: &str) {
    let run = jelou(arguments).run();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!(name, run);
    });
}

#[test]
fn each_level_explains_itself() {
    check("jelou", "--help");
    check("jelou_integration", "integration --help");
    check("jelou_integration_update", "integration update --help");
    check("jelou_integration_update_short", "integration update -h");
}

#[test]
fn no_command_at_all_is_a_usage_error_that_shows_the_help() {
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
