//! Where the signing secret of messages and events comes from.

use jelou_sandbox::Options;

use crate::command::{Jelou, jelou};
use crate::files::Folder;
use crate::server::Service;

const CONFIGURATION: &str = r#"
default = "acme"
[profiles.acme]
signing_secret = { file = "acme" }
[profiles.other]
signing_secret = { command = "echo OTHER" }
[profiles.none]
api_key = { environment = "KEY" }
"#;

fn configured() -> Folder {
    let folder = Folder::with_configuration(CONFIGURATION);
    folder.write_private("acme", "ACME\n");
    folder
}

fn sign(folder: &Folder, arguments: &str) -> Jelou {
    jelou("webhook sign -")
        .arguments(arguments)
        .configured(folder)
        .stdin("{}")
}

/// The signature of `{}` with `secret`, which comes from the environment.
fn signature(secret: &str) -> String {
    let run = jelou("webhook sign -")
        .stdin("{}")
        .env("JELOU_SIGNING_SECRET", secret);
    run.run().stdout
}

#[test]
fn an_argument_comes_first_then_a_named_profile_the_environment_and_the_default_profile() {
    let folder = configured();
    let variables = |command: Jelou| {
        command
            .env("JELOU_SIGNING_SECRET", "VARIABLE")
            .env("GIVEN", "GIVEN")
    };
    for (command, secret) in [
        (
            variables(sign(&folder, "--secret-env GIVEN --profile other")),
            "GIVEN",
        ),
        (variables(sign(&folder, "--profile other")), "OTHER"),
        (
            variables(sign(&folder, "")).env("JELOU_PROFILE", "other"),
            "VARIABLE",
        ),
        (variables(sign(&folder, "--profile none")), "VARIABLE"),
        (sign(&folder, "").env("JELOU_PROFILE", "other"), "OTHER"),
        (sign(&folder, ""), "ACME"),
    ] {
        let run = command.run();
        assert_eq!(run.stdout, signature(secret), "{secret}: {run}");
    }
}

#[test]
fn no_signing_secret_says_where_to_put_one() {
    let folder = configured();
    check!(sign(&folder, "--profile none").run(), @"
    exit code: 2
    ----- stderr -----
    error: no signing secret: `JELOU_SIGNING_SECRET` is not set, and no profile has one
    hint: set `JELOU_SIGNING_SECRET`, name a file with `--secret-file`, or a profile that has one with `--profile`
    ");
    folder.write_private("acme", "");
    check!(folder.hide_in(&sign(&folder, "").run()), @"
    exit code: 2
    ----- stderr -----
    error: no secret in the file `[FOLDER]/acme`, named by the profile `acme`
    hint: check that this is the right place
    ");
}

#[test]
fn a_message_is_signed_with_the_secret_of_the_profile() {
    let folder = configured();
    let service = Service::start(Options::default().seed(
        "seed.json",
        r#"{"integrations": {"PROJECT_ID": {"signingSecret": "ACME"}}}"#.to_owned(),
    ));
    let send = |profile: &str| {
        jelou("message send PROJECT_ID --bot BOT_ID --user USER_ID --room ROOM_ID --id 1 --text Hello --base-url")
            .argument(service.base_url())
            .arguments("--profile")
            .argument(profile)
            .configured(&folder)
            .run()
    };
    let run = send("acme");
    assert_eq!(run.code, Some(0), "{run}");
    let run = send("other");
    assert_eq!(run.code, Some(3), "{run}");
}

#[test]
fn it_is_shown_and_never_its_value() {
    let folder = configured();
    let show = |arguments: &str| {
        let run = jelou(arguments)
            .configured(&folder)
            .env("JELOU_API_KEY", "KEY")
            .run();
        let shown = folder.hide_in(&run);
        assert!(
            !shown.contains("ACME") && !shown.contains("OTHER\n"),
            "{shown}"
        );
        shown
    };
    check!(show("config show"), @"
    exit code: 0
    ----- stdout -----
    configuration file  [FOLDER]/config.toml (exists)
    profile             acme (`default` in the configuration file)
    base URL            https://gateway.jelou.ai/jelouapi (the document)
    credentials         API key [redacted], from the environment variable `JELOU_API_KEY` (`JELOU_API_KEY`)
    signing secret      [redacted], from the file `[FOLDER]/acme` (the profile `acme`)
    ");
    check!(show("profile list"), @"
    exit code: 0
    ----- stdout -----
    *  acme   -  signing secret from the file `[FOLDER]/acme`
       none   -  API key from the environment variable `KEY`
       other  -  signing secret from the output of `echo OTHER`
    ");
    check!(show("profile check other"), @"
    exit code: 0
    ----- stdout -----
    ok      other: signing secret from the output of `echo OTHER`
    ");
    let doctor = show("doctor --base-url http://127.0.0.1:1");
    let line = |shown: &str| {
        let line = shown.lines().find(|line| line.contains("  signature  "));
        line.unwrap_or_default().to_owned()
    };
    insta::assert_snapshot!(line(&doctor), @"ok       signature      found: a signing secret, named by the profile `acme`");
    assert_eq!(line(&show("doctor --sandbox")), "");
    std::fs::remove_file(folder.path().join("acme")).unwrap();
    let line = line(&show("doctor --base-url http://127.0.0.1:1"));
    assert!(line.starts_with("failed   signature "), "{line}");
}

#[test]
fn a_profile_may_have_nothing_but_a_signing_secret() {
    let folder = Folder::new();
    folder.write_private("signing", "SIGNING");
    let run = jelou("profile add acme --signing-secret-file")
        .argument(folder.path().join("signing"))
        .configured(&folder)
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    check!(folder.hide_in(&folder.configuration()), @r#"
    [profiles.acme]
    signing_secret = { file = "[FOLDER]/signing" }
    "#);
    let run = sign(&folder, "--profile acme").run();
    assert_eq!(run.stdout, signature("SIGNING"), "{run}");
    let run = jelou("profile add other").configured(&folder).run();
    assert_eq!(
        run.code,
        Some(2),
        "neither credentials nor a signing secret: {run}"
    );
    let run = jelou("profile add other --signing-secret-env A --signing-secret-file b")
        .configured(&folder)
        .run();
    assert_eq!(run.code, Some(2), "two signing secrets: {run}");
}
