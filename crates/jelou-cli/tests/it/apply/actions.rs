//! Tests of rows that create and delete integrations.

use std::sync::atomic::{AtomicUsize, Ordering};

use jelou_sandbox::Options;

use super::harness::{Folder, check_run, rows};
use crate::server::{Rogue, Service, response};

const CREATED: &str = r#"{"id":"INTEGRATION_ID","signingSecret":"SECRET-7b1f"}"#;

fn to(folder: &Folder, server: &Rogue, arguments: &str) -> super::harness::Apply {
    let arguments = format!("{arguments} --base-url {}", server.base_url);
    folder.apply(&arguments).env("JELOU_API_KEY", "KEY")
}

/// A server that closes the connection without an answer.
fn silent() -> Rogue {
    Rogue::start(|_| String::new())
}

#[test]
fn rows_create_update_and_delete_and_are_not_repeated() {
    let rows = "projectId,action,webhookUrl\nNEW,create,https://my-system.com/new\nCHANGED,,https://my-system.com/changed\nOLD,delete,\n";
    let folder = Folder::with("rows.csv", rows);
    let service = Service::start(Options::default().integration("CHANGED").integration("OLD"));
    let apply = || {
        let arguments = "rows.csv --concurrency 1 --secrets secrets.jsonl --allow-deletes";
        folder.apply_to(&service, arguments).run()
    };
    check_run!(apply(), @"
    exit code: 0
    ----- stdout -----
    3 rows of rows.csv
      applied                    3
      took                       [SECONDS] s, [RATE] rows a second, 3 requests
    ");
    let requests: Vec<_> = service
        .received()
        .iter()
        .map(|request| request.operation.clone().unwrap_or_default())
        .collect();
    let expected = [
        "create_integration",
        "update_integration",
        "delete_integration",
    ];
    assert_eq!(requests, expected);
    let secrets = folder.read("secrets.jsonl");
    let line: serde_json::Value = serde_json::from_str(&secrets).unwrap();
    assert_eq!(line["projectId"], "NEW");
    let secret = line["signingSecret"].as_str().unwrap();
    assert_eq!(secret.len(), 64);
    let journal = std::fs::read(folder.path("rows.csv.jelou-journal")).unwrap();
    assert!(!String::from_utf8_lossy(&journal).contains(secret));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata = std::fs::metadata(folder.path("secrets.jsonl")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }

    let run = apply();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(service.received().len(), 3);
    // The fingerprint of an applied row includes its action.
    folder.write("rows.csv", rows.replace("delete", ""));
    let run = apply();
    assert_eq!(run.code, Some(2), "{run}");
}

#[test]
fn the_option_is_for_rows_that_name_no_action() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,action,webhookUrl\nA,,\nB,update,https://my-system.com/b\n",
    );
    let run = folder.apply("rows.csv --action delete --dry-run --base-url http://127.0.0.1:1");
    check_run!(run.env("JELOU_API_KEY", "KEY").run(), @"
    exit code: 0
    ----- stdout -----
    2 of 2 rows would be sent to http://127.0.0.1:[PORT], and noted in rows.csv.jelou-journal
    1 update and 1 deletion
      line 2: projectId=A action=delete
      line 3: projectId=B webhookUrl=https://my-system.com/b action=update
    nothing was sent
    ");
}

#[test]
fn a_row_that_cannot_do_what_it_says_is_reported() {
    let rows = "projectId,action,webhookUrl,authType\nA,replace,https://my-system.com/a,\nB,create,,no_auth\nC,delete,https://my-system.com/c,\n";
    let folder = Folder::with("rows.csv", rows);
    check_run!(folder.apply("rows.csv --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    rows.csv:2:3: `action` must be `update`, `create` or `delete`
    rows.csv:3:1: a new integration needs `webhookUrl`
    rows.csv:4:1: this row deletes the integration, so `webhookUrl` has no effect; remove it
    error: 3 of 3 rows cannot be sent, for the reasons above
    hint: nothing was sent; correct them, or skip them with `--skip-invalid`
    ");
}

#[test]
fn nothing_is_created_without_a_file_for_the_secrets() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,webhookUrl\nA,https://my-system.com/a\n",
    );
    let server = Rogue::answering(200, CREATED);
    check_run!(to(&folder, &server, "rows.csv --action create").run(), @"
    exit code: 2
    ----- stderr -----
    error: 1 row creates an integration, whose signing secret is shown only once
    hint: nothing was sent; name a file for the secrets with `--secrets FILE`
    ");
    assert_eq!(folder.names(), ["rows.csv"]);
    #[cfg(unix)]
    {
        folder.write("open", "");
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        std::fs::set_permissions(folder.path("open"), open).unwrap();
        let run = to(&folder, &server, "rows.csv --action create --secrets open").run();
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains("is accessible to other users"), "{run}");
    }
    let run = to(
        &folder,
        &server,
        "rows.csv --action create --secrets rows.csv",
    )
    .run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(server.received().is_empty());
}

#[test]
fn secrets_are_added_after_what_is_there() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,webhookUrl\nA,https://my-system.com/a\n",
    );
    let server = Rogue::answering(200, CREATED);
    folder.write("secrets", "{\"torn");
    crate::files::set_mode(&folder.path("secrets"), 0o600);
    let run = to(
        &folder,
        &server,
        "rows.csv --action create --secrets secrets",
    )
    .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(!run.to_string().contains("7b1f"), "{run}");
    let added = "{\"torn\n{\"projectId\":\"A\",\"signingSecret\":\"SECRET-7b1f\"}\n";
    assert_eq!(folder.read("secrets"), added);
}

#[test]
fn a_created_integration_without_a_secret_is_a_warning() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,webhookUrl\nA,https://my-system.com/a\n",
    );
    let server = Rogue::answering(200, r#"{"id":"INTEGRATION_ID"}"#);
    let run = to(
        &folder,
        &server,
        "rows.csv --action create --secrets secrets",
    )
    .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stderr.contains("regenerate-secret A"), "{run}");
}

#[cfg(unix)]
#[test]
fn every_integration_whose_secret_cannot_be_written_is_named() {
    let folder = Folder::with("rows.csv", rows(4));
    let server = Rogue::answering(200, CREATED);
    // The file is already longer than two blocks, which are 512 bytes or 1 KiB each.
    folder.write("secrets", "\n".repeat(4096));
    crate::files::set_mode(&folder.path("secrets"), 0o600);
    let line = "trap '' XFSZ; ulimit -f 2; exec \"$@\"";
    let run = folder
        .apply_through_shell(
            line,
            "rows.csv --action create --secrets secrets --base-url",
        )
        .arguments(&server.base_url)
        .arguments("--output json")
        .env("JELOU_API_KEY", "KEY")
        .run();
    assert_eq!(run.code, Some(1), "{run}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let lost = report["withoutSecret"]["rows"].as_array().unwrap();
    assert_eq!(lost.len(), 4, "{run}");
    for row in lost {
        let command = format!("regenerate-secret {}`", row["projectId"].as_str().unwrap());
        assert!(run.stderr.contains(&command), "{run}");
    }
    assert!(
        run.stderr
            .contains("error: a signing secret could not be written"),
        "{run}"
    );
}

/// The file of failed rows has a journal of its own, which knows nothing about them.
#[test]
fn creations_without_a_clear_answer_are_all_in_the_report_and_not_among_the_failures() {
    let text = format!("{}UPDATED,https://my-system.com/\n", rows(25));
    let text = text.replace("\nP", "\nNEW").replace('\n', ",create\n");
    let text = text
        .replacen(",create", ",action", 1)
        .replace("/,create", "/,update");
    let folder = Folder::with("rows.csv", text);
    let server = Rogue::start(|request| match request.starts_with("POST") {
        true => String::new(),
        false => response(404, "{}"),
    });
    let arguments = "rows.csv --secrets secrets --failures failures.csv --output json";
    for _ in 0..2 {
        let run = to(&folder, &server, arguments).run();
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        let unknown = report["unknown"]["rows"].as_array().unwrap();
        assert_eq!(unknown.len(), 25, "{run}");
        let failures = folder.read("failures.csv");
        assert_eq!(failures.lines().count(), 2, "{failures}");
        assert!(failures.contains("UPDATED"), "{failures}");
    }
}

#[test]
fn a_creation_without_a_clear_answer_is_never_repeated() {
    let rows = "projectId,action,webhookUrl\nA,create,https://my-system.com/a\n";
    let folder = Folder::with("rows.csv", rows);
    let server = silent();
    let arguments = "rows.csv --secrets secrets";
    check_run!(to(&folder, &server, arguments).run(), @"
    exit code: 5
    ----- stdout -----
    1 row of rows.csv
      applied                    0
      failed                     1 (1 may have been applied)
      unknown, check by hand     1: line 2 (A)
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    failures:
      1 × no answer came, so the request may have been applied: error sending request: client error (SendRequest): connection closed before message completed
          line 2 (A)
    ----- stderr -----
    error: it is unknown whether 1 of 1 row created an integration
    hint: look with `jelou integration get`: if it is there, remove the row, and get a secret with `jelou integration regenerate-secret`; if not, remove the row, and use `jelou integration create`; then run the same command again: it sends only what has not succeeded
    ");
    assert_eq!(server.received().len(), 1);

    check_run!(to(&folder, &server, arguments).run(), @"
    exit code: 1
    ----- stdout -----
    1 row of rows.csv
      applied                    0
      unknown, check by hand     1: line 2 (A)
      took                       [SECONDS] s, [RATE] rows a second, 0 requests
    ----- stderr -----
    note: an earlier run got no clear answer for 1 row, which may have created an integration: row 1; not sending it again
    note: resuming the last run, which applied 0 rows; `--restart` sends every row
    error: it is unknown whether 1 of 1 row created an integration
    hint: look with `jelou integration get`: if it is there, remove the row, and get a secret with `jelou integration regenerate-secret`; if not, remove the row, and use `jelou integration create`; then run the same command again: it sends only what has not succeeded
    ");
    let run = to(&folder, &server, "rows.csv --dry-run").run();
    assert!(run.stdout.contains("1 row unknown"), "{run}");
    assert_eq!(server.received().len(), 1);

    // A person has looked, and the integration is there: an update does no harm.
    folder.write("rows.csv", rows.replace("create", "update"));
    let run = to(&folder, &server, arguments).run();
    assert_eq!(run.code, Some(5), "{run}");
    assert!(server.received().len() > 1, "{run}");
}

#[test]
fn a_creation_after_an_update_without_a_clear_answer_is_sent() {
    let rows = "projectId,action,webhookUrl\nA,update,https://my-system.com/a\n";
    let folder = Folder::with("rows.csv", rows);
    let server = silent();
    let run = to(&folder, &server, "rows.csv").run();
    assert_eq!(run.code, Some(5), "{run}");

    let asked = server.received().len();
    folder.write("rows.csv", rows.replace("update", "create"));
    let run = to(&folder, &server, "rows.csv --secrets secrets").run();
    let note = "which may have been applied: row 1; sending what the file has now";
    assert!(run.stderr.contains(note), "{run}");
    assert_eq!(server.received().len(), asked + 1);
}

#[test]
fn a_creation_that_was_refused_is_repeated() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,webhookUrl\nA,https://my-system.com/a\n",
    );
    let asked = AtomicUsize::new(0);
    let server = Rogue::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => response(429, "{}"),
        _ => response(200, CREATED),
    });
    let run = to(
        &folder,
        &server,
        "rows.csv --action create --secrets secrets",
    )
    .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(server.received().len(), 2);
}

#[test]
fn a_deletion_that_was_done_before_its_answer_came_counts_as_done() {
    let folder = Folder::with("rows.csv", "projectId\nA\n");
    let arguments = "rows.csv --action delete --allow-deletes";
    let asked = AtomicUsize::new(0);
    // A row is sent up to five times.
    let server = Rogue::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) {
        0..5 => response(500, "{}"),
        5 => response(401, "{}"),
        _ => response(404, "{}"),
    });
    let run = to(&folder, &server, arguments).run();
    assert_eq!(run.code, Some(1), "{run}");
    let run = to(&folder, &server, arguments).run();
    assert_eq!(
        run.code,
        Some(3),
        "this says nothing about the first run: {run}"
    );
    check_run!(to(&folder, &server, arguments).run(), @"
    exit code: 0
    ----- stdout -----
    1 row of rows.csv
      applied                    1
      sent again, in doubt       1: line 2 (A)
      took                       [SECONDS] s, [RATE] rows a second, 1 request
    ----- stderr -----
    note: an earlier run got no clear answer for 1 row, which may have been applied: row 1; sending what the file has now
    note: resuming the last run, which applied 0 rows; `--restart` sends every row
    ");

    let run = to(
        &folder,
        &server,
        "rows.csv --action delete --allow-deletes --restart",
    )
    .run();
    assert_eq!(run.code, Some(4), "nothing was asked before: {run}");
}

#[test]
fn a_script_must_allow_deletions() {
    let folder = Folder::with("rows.csv", "projectId\nA\n");
    let server = Rogue::answering(200, "{}");
    check_run!(to(&folder, &server, "rows.csv --action delete --yes").run(), @"
    exit code: 2
    ----- stderr -----
    error: some rows delete integrations, which cannot be undone
    hint: nothing was sent; give `--allow-deletes` to delete them without being asked
    ");
    assert!(server.received().is_empty());
    assert_eq!(folder.names(), ["rows.csv"]);
    // The sandbox loses its data anyway.
    let run = folder.apply("rows.csv --action delete --sandbox").run();
    assert_eq!(run.code, Some(0), "{run}");
}

#[cfg(unix)]
#[test]
fn deletions_are_asked_for_twice_at_a_terminal() {
    use crate::command::jelou;
    use crate::terminal::at_a_terminal;

    let folder = Folder::with(
        "rows.csv",
        "projectId,action,authType\nA,delete,\nB,,no_auth\n",
    );
    let done = r#"{"message":["OK"],"statusMessage":"success","status":1,"data":{"brainId":"B"}}"#;
    let server = Rogue::answering(200, done);
    let run = |arguments: &str, answers: &str| {
        let command = jelou("integration apply --quiet --restart --base-url")
            .argument(&server.base_url)
            .argument(folder.path("rows.csv"))
            .arguments(arguments)
            .env("JELOU_API_KEY", "KEY");
        at_a_terminal(command, answers)
    };
    let (code, shown) = run("", "y\nn\n");
    assert_eq!(code, Some(130), "{shown}");
    let first = format!(
        "Send 1 update and 1 deletion to {}? [y/N] ",
        server.base_url
    );
    assert!(shown.contains(&first), "{shown}");
    let second = "Delete 1 integration, which cannot be undone? [y/N] ";
    assert!(shown.contains(second), "{shown}");
    let (code, shown) = run("--yes", "n\n");
    assert_eq!(code, Some(130), "{shown}");
    assert!(shown.contains(second), "{shown}");
    assert!(server.received().is_empty());

    let (code, shown) = run("", "y\ny\n");
    assert_eq!(code, Some(0), "{shown}");
    let (code, shown) = run("--yes --allow-deletes", "");
    assert_eq!(code, Some(0), "{shown}");
    assert_eq!(server.received().len(), 4);
}
