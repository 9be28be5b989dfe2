//! Tests of what is sent, and how it is reported.

use std::io;

use super::harness::{Folder, check_run, rows, service, sorted_projects};
use crate::server::{Rogue, response};

#[test]
fn the_sandbox_needs_no_account() {
    let folder = Folder::with("rows.csv", rows(3));
    check_run!(folder.apply("rows.csv --sandbox").run(), @"
    exit code: 0
    ----- stdout -----
    3 rows of rows.csv
      applied                    3
      took                       [SECONDS] s, [RATE] rows a second, 3 requests
    ");
    check_run!(Folder::with("rows.csv", rows(1)).apply("rows.csv --sandbox --output yaml").run(), @"
    exit code: 0
    ----- stdout -----
    input: rows.csv
    journal: rows.csv.sandbox.jelou-journal
    server: sandbox
    ending: finished
    rows: 1
    applied: 1
    appliedEarlier: 0
    failed: 0
    mayHaveBeenApplied: 0
    invalid: 0
    unanswered: 0
    notSent: 0
    sentAgain:
      count: 0
      rows: []
    unknown:
      count: 0
      rows: []
    withoutSecret:
      count: 0
      rows: []
    requests: 1
    seconds: [NUMBER]
    rowsPerSecond: [NUMBER]
    failures: []
    slowest:
    - milliseconds: [NUMBER]
      line: 2
      projectId: P0
    ");
}

#[test]
fn every_row_is_sent_once() {
    let folder = Folder::with("rows.csv", rows(100));
    let service = service();
    let run = folder.apply_to(&service, "rows.csv").run();
    check_run!(run, @"
    exit code: 0
    ----- stdout -----
    100 rows of rows.csv
      applied                    100
      took                       [SECONDS] s, [RATE] rows a second, 100 requests
    ");
    let mut expected: Vec<_> = (0..100).map(|row| format!("P{row}")).collect();
    expected.sort();
    assert_eq!(sorted_projects(&service), expected);
}

#[test]
fn a_dry_run_sends_nothing() {
    let folder = Folder::with("rows.csv", rows(5));
    let service = service();
    check_run!(folder.apply_to(&service, "rows.csv --dry-run").run(), @"
    exit code: 0
    ----- stdout -----
    5 of 5 rows would be sent to http://127.0.0.1:[PORT]/jelouapi, and noted in rows.csv.jelou-journal
      line 2: projectId=P0 webhookUrl=https://my-system.com/webhook/0
      line 3: projectId=P1 webhookUrl=https://my-system.com/webhook/1
      line 4: projectId=P2 webhookUrl=https://my-system.com/webhook/2
      and 2 more
    nothing was sent
    ");
    check_run!(folder.apply_to(&service, "rows.csv --dry-run --output json").run(), @r#"
    exit code: 0
    ----- stdout -----
    {
      "input": "rows.csv",
      "rows": 5,
      "valid": 5,
      "problems": 0,
      "appliedEarlier": 0,
      "unknown": 0,
      "updates": 5,
      "creates": 0,
      "deletes": 0,
      "server": "http://127.0.0.1:[PORT]/jelouapi",
      "journal": "rows.csv.jelou-journal"
    }
    "#);
    assert!(service.received().is_empty());
    assert_eq!(folder.names(), ["rows.csv"]);
}

#[test]
fn a_dry_run_reports_problems() {
    let folder = Folder::with("rows.csv", "projectId,authType\nA,none\nB,basic\n");
    check_run!(folder.apply("rows.csv --dry-run --sandbox").run(), @"
    exit code: 2
    ----- stdout -----
    1 of 2 rows would be sent to http://127.0.0.1:[PORT]/jelouapi, and noted in rows.csv.sandbox.jelou-journal
      line 3: projectId=B authType=basic
    nothing was sent
    ----- stderr -----
    rows.csv:2:3: `authType` must be one of `bearer`, `api_key`, `basic`, `no_auth`
    ");
}

#[test]
fn each_row_is_sent_with_its_own_credentials() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,authType,apiKeyEnv,clientIdEnv,clientSecretEnv\nA,basic,,,\nB,basic,OWN,,\nC,basic,,ID,SECRET\n",
    );
    let service = Rogue::start(|_| response(200, r#"{"id":"INTEGRATION_ID"}"#));
    let run = folder
        .apply(&format!("rows.csv --base-url {}", service.base_url))
        .env("JELOU_API_KEY", "of-the-run")
        .env("OWN", "of-the-row")
        .env("ID", "id")
        .env("SECRET", "secret")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    let sent = service.received();
    for (project, header) in [
        ("A", "x-api-key: of-the-run"),
        ("B", "x-api-key: of-the-row"),
        ("C", "authorization: Basic aWQ6c2VjcmV0"),
    ] {
        let path = format!("/v1/external-support/{project} ");
        let request = sent.iter().find(|request| request.contains(&path)).unwrap();
        assert!(request.contains(header), "{request}");
    }
}

#[test]
fn rows_with_different_keys_share_a_connection() {
    const ROWS: usize = 100;
    let mut text = "projectId,authType,apiKeyEnv\n".to_owned();
    for row in 0..ROWS {
        text.push_str(&format!("P{row},basic,KEY_{row}\n"));
    }
    let folder = Folder::with("rows.csv", text);
    let server = Rogue::start(|_| {
        response(200, r#"{"id":"INTEGRATION_ID"}"#)
            .replace("Connection: close", "Connection: keep-alive")
    });
    let apply = folder.apply(&format!(
        "rows.csv --concurrency 1 --base-url {}",
        server.base_url
    ));
    let run = (0..ROWS).fold(apply, |apply, row| {
        apply.env(&format!("KEY_{row}"), &format!("of-row-{row}"))
    });
    let run = run.run();
    assert_eq!(run.code, Some(0), "{run}");
    for (row, request) in server.received().iter().enumerate() {
        let key = format!("x-api-key: of-row-{row}\r\n");
        assert!(request.contains(&key), "{request}");
    }
    assert_eq!((server.received().len(), server.connections()), (ROWS, 1));
}

#[test]
fn a_key_that_no_header_can_carry_is_a_problem_of_its_rows() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,authType,apiKeyEnv\nA,basic,GOOD\nB,basic,BAD\nC,basic,BAD\n",
    );
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let run = folder
        .apply(&format!("rows.csv --base-url {}", server.base_url))
        .env("GOOD", "of-the-row")
        .env("BAD", "canary\u{1}")
        .run();
    check_run!(run, @"
    exit code: 2
    ----- stderr -----
    rows.csv:3:1: the API key cannot be used: it has characters in it that no header can carry
    rows.csv:4:1: the API key cannot be used: it has characters in it that no header can carry
    error: 2 of 3 rows cannot be sent, for the reasons above
    hint: nothing was sent; correct them, or skip them with `--skip-invalid`
    ");
    assert!(server.received().is_empty());
}

#[test]
fn the_rate_limit_is_observed() {
    let folder = Folder::with("rows.csv", rows(4));
    let service = service();
    let begin = std::time::Instant::now();
    let run = folder.apply_to(&service, "rows.csv --rate 10").run();
    assert_eq!(run.code, Some(0), "{run}");
    // The first row is sent immediately, the others at intervals of 100 ms.
    assert!(begin.elapsed().as_millis() >= 300);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let folder = Folder::with("rows.csv", rows(1));
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let run = folder
        .apply("rows.csv --sandbox --quiet")
        .stdout(writer)
        .run();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let folder = Folder::with("rows.csv", rows(1));
    let run = folder
        .apply("rows.csv --sandbox --quiet --report /dev/full")
        .run();
    check_run!(run, @"
    exit code: 1
    ----- stdout -----
    1 row of rows.csv
      applied                    1
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    ----- stderr -----
    error: `/dev/full` could not be written
      caused by: No space left on device (os error [NUMBER])
    hint: what was sent is in the journal; nothing has to be sent again
    ");
    let full = std::fs::File::options().write(true).open("/dev/full");
    let run = folder
        .apply("rows.csv --sandbox --quiet")
        .stdout(full.unwrap())
        .run();
    check_run!(run, @"
    exit code: 1
    ----- stderr -----
    error: the result could not be written to standard output
      caused by: No space left on device (os error [NUMBER])
    hint: check where the output goes
    ");
}

#[cfg(unix)]
#[test]
fn a_row_names_a_profile_of_the_same_server() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with(
        "rows.csv",
        "projectId,authType,profile\nA,basic,acme\nB,basic,other\nC,basic,absent\nD,basic,empty\nE,basic,same\n",
    );
    let service = Rogue::start(|_| response(200, r#"{"id":"INTEGRATION_ID"}"#));
    let same = service.base_url.replace("http://", "HTTP://");
    let profiles = format!(
        "\
[profiles.acme]
api_key = {{ environment = \"ACME_KEY\" }}
[profiles.empty]
[profiles.other]
base_url = \"https://user:CANARY@gateway.my-system.com/jelouapi\"
api_key = {{ environment = \"ACME_KEY\" }}
[profiles.same]
base_url = \"{same}/\"
api_key = {{ environment = \"ACME_KEY\" }}
"
    );
    folder.write("config.toml", &profiles);
    let owner_only = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(folder.path("config.toml"), owner_only).unwrap();
    let run = folder
        .apply("rows.csv --skip-invalid --quiet")
        .arguments(&format!("--base-url {}", service.base_url))
        .env("JELOU_CONFIG_DIR", ".")
        .env("ACME_KEY", "of-the-profile")
        .run();
    check_run!(run, @"
    exit code: 1
    ----- stdout -----
    5 rows of rows.csv
      applied                    2
      skipped as invalid         3
      took                       [SECONDS] s, [RATE] rows a second, 2 requests
    ----- stderr -----
    rows.csv:3:9: the profile `other` is for `https://[redacted]@gateway.my-system.com/jelouapi`, and this run sends to `http://127.0.0.1:[PORT]`
    rows.csv:4:9: unknown profile `absent`, named by `profile`, in `./config.toml`
    rows.csv:5:9: the profile `empty` has no credentials
    error: 3 of 5 rows skipped as invalid
    hint: correct them, then run the same command again: it sends only what has not succeeded
    ");
    let received = service.received();
    assert_eq!(received.len(), 2);
    for request in received {
        assert!(request.contains("x-api-key: of-the-profile"), "{request}");
    }

    folder.write("rows.csv", "projectId,authType,profile\nB,basic,other\n");
    let run = folder
        .apply("rows.csv --dry-run --restart --base-url http://user:CANARY@127.0.0.1:1")
        .env("JELOU_CONFIG_DIR", ".")
        .run();
    check_run!(run, @"
    exit code: 2
    ----- stdout -----
    0 of 1 row would be sent to http://[redacted]@127.0.0.1:[PORT]/, and noted in rows.csv.jelou-journal
    nothing was sent
    ----- stderr -----
    rows.csv:2:9: the profile `other` is for `https://[redacted]@gateway.my-system.com/jelouapi`, and this run sends to `http://[redacted]@127.0.0.1:[PORT]/`
    ");
}
