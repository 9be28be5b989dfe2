//! Problems with rows are reported before anything is sent.

use super::harness::{Folder, check_run, service, sorted_projects};

const BAD: &str = "\
projectId,webhookUrl,authType,authorizationEnv,apiKeyEnv,clientIdEnv
A,https://my-system.com/a,,,,
..,https://my-system.com/b,,,,
C,http://my-system.com/c,baerer,,,
,https://panel.local,,,,
E,,,ABSENT,,
F,,basic,not a name,,
G,,,,,
A,https://my-system.com/h,,,,
I,,basic,,KEY,ID
J,,basic,,,ID
K,,basic,,ABSENT,
L,,basic
\"M\",,\"basi c\",,,
";

#[test]
fn every_problem_is_reported_with_its_position() {
    let folder = Folder::with("rows.csv", BAD);
    let service = service();
    check_run!(folder.apply_to(&service, "rows.csv").run(), @"
    exit code: 2
    ----- stderr -----
    rows.csv:3:1: `projectId` cannot be used: it is made of dots only, which would address another path
    rows.csv:4:3: `webhookUrl` cannot be used: it does not begin with `https://`
    rows.csv:4:26: `authType` must be one of `bearer`, `api_key`, `basic`, `no_auth`
    rows.csv:5:1: there is no `projectId`
    rows.csv:5:2: `webhookUrl` cannot be used: its host name is not public: `.local` is reserved for multicast DNS
    rows.csv:6:5: the environment variable `ABSENT`, named by authorizationEnv, is not set
    rows.csv:7:10: `authorizationEnv` has a space (U+0020) as its character 4; remove it
    rows.csv:8:1: there is nothing to change; give `webhookUrl`, `authType` or `authorizationEnv`
    rows.csv:9:1: duplicate project, first seen on line 2; put all its changes into one row
    rows.csv:10:1: give one of `apiKeyEnv`, `clientIdEnv` with `clientSecretEnv`, and `profile`: only one kind of credentials can be sent
    rows.csv:11:12: `clientIdEnv` needs `clientSecretEnv`
    rows.csv:12:11: the environment variable `ABSENT`, named by apiKeyEnv, is not set
    rows.csv:13:1: there are 3 values, but the header names 6 columns
    rows.csv:14:6: `authType` has a space (U+0020) as its character 5; remove it
    error: 12 of 13 rows cannot be sent, for the reasons above
    hint: nothing was sent; correct them, or skip them with `--skip-invalid`
    ");
    assert!(service.received().is_empty());
    assert_eq!(folder.names(), ["rows.csv"]);
}

#[test]
fn problems_in_json_lines_and_yaml_are_the_same() {
    let folder = Folder::with(
        "rows.jsonl",
        "{\"projectId\": \"A\", \"webhookUrl\": \"http://a\"}\n{\"projectId\": 7}\n{\"apiKey\": \"canary\"}\n{\"projectId\n",
    );
    check_run!(folder.apply("rows.jsonl --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    rows.jsonl:1:34: `webhookUrl` cannot be used: it does not begin with `https://`
    rows.jsonl:2:15: `projectId` is not text; put it in quotes
    rows.jsonl:3:12: unknown field `apiKey`; do not put secrets in the file: name the variable that holds it in `apiKeyEnv`
    rows.jsonl:4:1: this is not JSON
    error: 4 of 4 rows cannot be sent, for the reasons above
    hint: nothing was sent; correct them, or skip them with `--skip-invalid`
    ");
    let folder = Folder::with("rows.jsonl", "[{\"projectId\": \"A\"}]\n");
    let run = folder.apply("rows.jsonl --sandbox").run();
    let told = "rows.jsonl:1:1: this is an array; write an object in each line, as in `jq -c '.[]' FILE`\n";
    assert!(run.stderr.contains(told), "{run}");
    let folder = Folder::with(
        "rows.yaml",
        "- projectId: A\n  webhookUrl: http://a\n- projectId: [7]\n- apiKey: canary\n- B\n",
    );
    check_run!(folder.apply("rows.yaml --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    rows.yaml:2:15: `webhookUrl` cannot be used: it does not begin with `https://`
    rows.yaml:3:14: `projectId` is not text
    rows.yaml:4:3: unknown field `apiKey`; do not put secrets in the file: name the variable that holds it in `apiKeyEnv`
    rows.yaml:5:3: a row is a mapping of fields, such as `- projectId: PROJECT_ID`
    error: 4 of 4 rows cannot be sent, for the reasons above
    hint: nothing was sent; correct them, or skip them with `--skip-invalid`
    ");
    let folder = Folder::with("rows.yaml", "- projectId: A\n  authType: basic\n- {");
    check_run!(folder.apply("rows.yaml --sandbox --skip-invalid").run(), @"
    exit code: 2
    ----- stderr -----
    error: rows.yaml:3:3: this is not YAML: unclosed bracket '{'
    hint: nothing was sent; correct this first: what follows could not be read
    ");
}

#[test]
fn an_unknown_column_is_always_an_error() {
    let folder = Folder::with("rows.csv", "projectId,webhookURL,api_key\n");
    check_run!(folder.apply("rows.csv --sandbox --skip-invalid").run(), @"
    exit code: 2
    ----- stderr -----
    error: rows.csv:1:11: unknown field `webhookURL`; did you mean `webhookUrl`? (`--ignore-unknown-columns` skips the column)
    hint: nothing was sent; correct this first: what follows could not be read
    ");
}

#[test]
fn text_that_is_not_utf_8_is_an_error_of_its_row() {
    let folder = Folder::with("rows.csv", b"projectId,authType\nA\xFF,basic\n");
    check_run!(folder.apply("rows.csv --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    rows.csv:2:1: in `projectId`, the byte 0xFF is not UTF-8; the file looks like Windows-1252, where it is `ÿ`: save it as UTF-8 (`CSV UTF-8` in Excel), or give `--encoding windows-1252`
    error: 1 of 1 row cannot be sent, for the reasons above
    hint: nothing was sent; correct them, or skip them with `--skip-invalid`
    ");
}

#[test]
fn valid_rows_are_sent_on_request() {
    let folder = Folder::with("rows.csv", BAD);
    let service = service();
    let run = folder
        .apply_to(&service, "rows.csv --skip-invalid --quiet")
        .run();
    check_run!(run, @"
    exit code: 1
    ----- stdout -----
    13 rows of rows.csv
      applied                    1
      skipped as invalid         12
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    ----- stderr -----
    rows.csv:3:1: `projectId` cannot be used: it is made of dots only, which would address another path
    rows.csv:4:3: `webhookUrl` cannot be used: it does not begin with `https://`
    rows.csv:4:26: `authType` must be one of `bearer`, `api_key`, `basic`, `no_auth`
    rows.csv:5:1: there is no `projectId`
    rows.csv:5:2: `webhookUrl` cannot be used: its host name is not public: `.local` is reserved for multicast DNS
    rows.csv:6:5: the environment variable `ABSENT`, named by authorizationEnv, is not set
    rows.csv:7:10: `authorizationEnv` has a space (U+0020) as its character 4; remove it
    rows.csv:8:1: there is nothing to change; give `webhookUrl`, `authType` or `authorizationEnv`
    rows.csv:9:1: duplicate project, first seen on line 2; put all its changes into one row
    rows.csv:10:1: give one of `apiKeyEnv`, `clientIdEnv` with `clientSecretEnv`, and `profile`: only one kind of credentials can be sent
    rows.csv:11:12: `clientIdEnv` needs `clientSecretEnv`
    rows.csv:12:11: the environment variable `ABSENT`, named by apiKeyEnv, is not set
    rows.csv:13:1: there are 3 values, but the header names 6 columns
    rows.csv:14:6: `authType` has a space (U+0020) as its character 5; remove it
    error: 12 of 13 rows skipped as invalid
    hint: correct them, then run the same command again: it sends only what has not succeeded
    ");
    assert_eq!(sorted_projects(&service), ["A"]);
}

#[test]
fn the_first_problems_are_shown_and_all_are_written() {
    let mut text = "projectId,webhookUrl\n".to_owned();
    for row in 0..1000 {
        text.push_str(&format!("P{row},http://my-system.com\n"));
    }
    let folder = Folder::with("rows.csv", text);
    let run = folder.apply("rows.csv --sandbox").run();
    assert_eq!(run.stderr.lines().count(), 20 + 3, "{run}");
    assert!(
        run.stderr.contains("note: and 980 more; `--problems FILE`"),
        "{run}"
    );
    let run = folder.apply("rows.csv --sandbox --problems problems").run();
    assert!(
        run.stderr.contains("note: and 980 more, in `problems`"),
        "{run}"
    );
    let problems = folder.read("problems");
    assert_eq!(problems.lines().count(), 1000);
    assert!(
        problems.ends_with(
            "rows.csv:1001:6: `webhookUrl` cannot be used: it does not begin with `https://`\n"
        ),
        "{problems}"
    );
}

#[test]
fn no_secret_is_shown() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,authType,authorizationEnv,apiKeyEnv\nA,bearer,TOKEN,OWN\nB,basic,,\n",
    );
    let service = crate::server::Rogue::start(|request| {
        crate::server::response(400, &format!("{{\"message\": {request:?}}}"))
    });
    for arguments in [
        "rows.csv --report report --failures failures.csv",
        "rows.csv --dry-run",
    ] {
        let run = folder
            .apply(arguments)
            .arguments(&format!("--base-url {}", service.base_url))
            .env("JELOU_API_KEY", "canary-of-the-run")
            .env("OWN", "canary-of-the-row")
            .env("TOKEN", "canary-of-the-webhook")
            .run();
        assert!(!run.to_string().contains("canary"), "{run}");
    }
    let sent = service.received().concat();
    for secret in [
        "canary-of-the-run",
        "canary-of-the-row",
        "canary-of-the-webhook",
    ] {
        assert!(sent.contains(secret), "{secret}");
    }
    for name in folder.names() {
        let bytes = std::fs::read(folder.path(&name)).unwrap();
        assert!(
            !String::from_utf8_lossy(&bytes).contains("canary"),
            "{name}"
        );
    }
}

#[test]
fn without_credentials_nothing_is_sent() {
    let folder = Folder::with("rows.csv", "projectId,authType\nA,basic\n");
    check_run!(folder.apply("rows.csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: no credentials: neither `JELOU_API_KEY` nor `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET` are set, and no profile has any
    hint: set `JELOU_API_KEY`, or `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`, or name a profile with `--profile`; `--sandbox` needs none
    ");
    assert_eq!(folder.names(), ["rows.csv"]);
}
