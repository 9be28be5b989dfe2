//! Tests of where rows come from and in which formats.

use std::fs::{self, File};
use std::io::{self, Write};

use super::harness::{Folder, check_run, rows, service, sorted_projects};

/// Checks the bodies of the requests for the projects A, B and C.
#[track_caller]
fn check_sent(name: &str, text: impl AsRef<[u8]>) {
    check_sent_with(name, text, "");
}

/// Like [`check_sent`], with additional arguments.
#[track_caller]
pub(super) fn check_sent_with(name: &str, text: impl AsRef<[u8]>, arguments: &str) {
    let folder = Folder::with(name, text);
    let service = service();
    let run = folder
        .apply_to(&service, name)
        .arguments("--concurrency 1")
        .arguments(arguments)
        .env("TOKEN", "canary")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    let sent = service.received().into_iter();
    let sent: Vec<_> = sent
        .map(|request| {
            let project = request.target.rsplit('/').next().unwrap();
            format!("{project} {}", request.body)
        })
        .collect();
    assert_eq!(
        sent,
        [
            r#"A {"webhookUrl":"https://my-system.com/?a,b"}"#,
            r#"B {"authType":"bearer","authorization":"[redacted]"}"#,
            r#"%C3%B1 {"authType":"no_auth","webhookUrl":"https://my-system.com/c"}"#,
        ]
    );
}

pub(super) const CSV: &str = "authType,projectId,webhookUrl,authorizationEnv\n,A,\"https://my-system.com/?a,b\",\nbearer,B,,TOKEN\nno_auth,ñ,https://my-system.com/c,\n";

pub(super) const JSON_LINES: &str = r#"{"projectId":"A","webhookUrl":"https://my-system.com/?a,b"}
{"projectId":"B","authType":"bearer","authorizationEnv":"TOKEN","webhookUrl":null}

{"projectId":"\u00f1","authType":"no_auth","webhookUrl":"https://my-system.com/c"}"#;

#[test]
fn rows_are_csv() {
    check_sent("rows.csv", CSV);
}

#[test]
fn rows_can_be_csv_from_a_spreadsheet() {
    let semicolons = CSV.replace(',', ";").replace("?a;b", "?a,b");
    let semicolons = semicolons.replace('\n', ";;\r\n") + ";;;;;\r\n";
    check_sent("rows.csv", format!("\u{feff}{semicolons}"));
    check_sent("rows.csv", format!("sep=;\r\n{semicolons}"));
    let tabs = CSV.replace(',', "\t").replace("?a\tb", "?a,b");
    check_sent("rows.tsv", &tabs);
    let utf_16 = |mark: char, to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let text = format!("{mark}{tabs}");
        text.encode_utf16().flat_map(to_bytes).collect()
    };
    check_sent("rows.csv", utf_16('\u{feff}', u16::to_le_bytes));
    check_sent("rows.csv", utf_16('\u{feff}', u16::to_be_bytes));
}

#[test]
fn unknown_columns_are_ignored_on_request() {
    let folder = Folder::with(
        "rows.csv",
        "projectId^nota^webhookUrl\nA^uno, dos^https://my-system.com/a\n",
    );
    let service = service();
    let run = folder
        .apply_to(&service, "rows.csv")
        .arguments("--delimiter ^ --ignore-unknown-columns")
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stderr.contains("ignored columns: `nota`"), "{run}");
    assert_eq!(service.received().len(), 1);
}

#[test]
fn rows_after_an_unclosed_quote_are_not_skipped() {
    let folder = Folder::with(
        "rows.csv",
        "projectId,webhookUrl\nA,https://my-system.com/a\n\"B,https://my-system.com/b\nC,https://my-system.com/c\n",
    );
    let service = service();
    let run = folder
        .apply_to(&service, "rows.csv")
        .arguments("--skip-invalid")
        .run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(
        run.stderr
            .contains("rows.csv:3:1: this row spans lines 3 to 4"),
        "{run}"
    );
    assert!(service.received().is_empty());
}

#[test]
fn invisible_characters_are_reported() {
    let text = "projectId,authType\nA\u{a0},basic\n\u{200b}B,basic\nC D,basic\n E,basic\nF,\u{feff}basic\n";
    let folder = Folder::with("rows.csv", text);
    let run = folder.apply_to(&service(), "rows.csv").run();
    assert_eq!(run.code, Some(2), "{run}");
    for line in [
        "rows.csv:2:1: `projectId` has a no-break space (U+00A0) as its character 2; remove it",
        "rows.csv:3:1: `projectId` has a zero-width character (U+200B) as its character 1; remove it",
        "rows.csv:4:1: `projectId` has a space (U+0020) as its character 2; remove it",
        "rows.csv:5:1: `projectId` has a space (U+0020) as its character 1; remove it",
        "rows.csv:6:3: `authType` has a byte order mark (U+FEFF) as its character 1; remove it",
    ] {
        assert!(run.stderr.contains(line), "{run}");
    }
}

#[test]
fn a_project_rounded_by_a_spreadsheet_is_reported() {
    let text =
        "projectId;authType\n1,23457E+12;basic\n9E+15;basic\n1234567890123;basic\nE+1;basic\n";
    let folder = Folder::with("rows.csv", text);
    let run = folder.apply("rows.csv --sandbox").run();
    check_run!(run, @"
    exit code: 2
    ----- stderr -----
    rows.csv:2:1: `projectId` is a number that a spreadsheet has rounded; format the column as text and enter the number again
    rows.csv:3:1: `projectId` is a number that a spreadsheet has rounded; format the column as text and enter the number again
    error: 2 of 4 rows cannot be sent, for the reasons above
    hint: nothing was sent; correct them, or skip them with `--skip-invalid`
    ");
}

#[test]
fn a_byte_order_mark_between_rows_is_reported() {
    let text = "{\"projectId\":\"A\",\"authType\":\"basic\"}\n";
    let folder = Folder::with("rows.jsonl", format!("{text}\u{feff}{text}"));
    let run = folder.apply("rows.jsonl --sandbox").run();
    assert_eq!(run.code, Some(2), "{run}");
    let told = "rows.jsonl:2:1: the line begins with a byte order mark (U+FEFF)";
    assert!(run.stderr.contains(told), "{run}");
}

#[test]
fn an_output_that_cannot_be_written_leaves_no_journal() {
    let folder = Folder::with("rows.csv", rows(1));
    for option in ["--report", "--failures"] {
        let run = folder
            .apply(&format!("rows.csv --sandbox {option} absent/output"))
            .run();
        assert_eq!(run.code, Some(2), "{run}");
        assert_eq!(folder.names(), ["rows.csv"]);
    }
}

#[test]
fn an_unwritable_report_is_an_error_before_anything_is_sent() {
    let folder = Folder::with("rows.csv", CSV);
    let service = service();
    let run = folder
        .apply_to(&service, "rows.csv")
        .arguments("--report absent/report.json")
        .env("TOKEN", "canary")
        .run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(
        run.stderr
            .contains("`absent/report.json` cannot be written"),
        "{run}"
    );
    assert!(service.received().is_empty());
}

#[test]
fn no_output_replaces_the_input_or_another_output() {
    let folder = Folder::with("rows.csv", CSV);
    let service = service();
    fs::hard_link(folder.path("rows.csv"), folder.path("linked.csv")).unwrap();
    for (arguments, said) in [
        (
            "--failures linked.csv",
            "`--failures` names the same file as the input `rows.csv`",
        ),
        (
            "--failures ./rows.csv",
            "`--failures` names the same file as the input `rows.csv`",
        ),
        (
            "--problems rows.csv",
            "`--problems` names the same file as the input `rows.csv`",
        ),
        (
            "--report rows.csv.jelou-journal",
            "`--report` names the same file as the journal",
        ),
        (
            "--report a --failures a",
            "`--report` names the same file as `--failures`",
        ),
        (
            "--journal rows.csv",
            "`--journal` names the same file as the input `rows.csv`",
        ),
    ] {
        let run = folder
            .apply_to(&service, "rows.csv")
            .arguments(arguments)
            .env("TOKEN", "canary")
            .run();
        assert_eq!(run.code, Some(2), "{run}");
        assert!(run.stderr.contains(said), "{run}");
    }
    assert_eq!(folder.names(), ["linked.csv", "rows.csv"]);
    assert_eq!(folder.read("rows.csv"), CSV);
    assert!(service.received().is_empty());
}

#[test]
fn rows_are_json_lines() {
    check_sent("rows.jsonl", JSON_LINES);
    check_sent("rows.ndjson", JSON_LINES);
}

#[test]
fn rows_are_yaml() {
    let sequence = "\
- projectId: A
  webhookUrl: https://my-system.com/?a,b
- {projectId: B, authType: bearer, authorizationEnv: TOKEN}
- projectId: 'ñ'
  authType: no_auth
  webhookUrl: \"https://my-system.com/c\"
";
    check_sent("rows.yaml", sequence);
    check_sent(
        "rows.yml",
        sequence.replace("\n- ", "\n---\n- ").replace("- ", "  "),
    );
}

#[test]
fn a_byte_order_mark_and_either_line_ending_are_accepted() {
    for (name, text) in [("rows.csv", CSV), ("rows.jsonl", JSON_LINES)] {
        check_sent(name, format!("\u{feff}{text}"));
        check_sent(name, text.replace('\n', "\r\n"));
    }
}

#[test]
fn rows_can_come_from_standard_input() {
    let folder = Folder::with("rows", rows(3));
    let service = service();
    let apply = || {
        folder
            .apply_to(&service, "- --format csv")
            .stdin(File::open(folder.path("rows")).unwrap())
    };
    let run = apply().run();
    check_run!(run, @"
    exit code: 0
    ----- stdout -----
    3 rows of standard input
      applied                    3
      took                       [SECONDS] s, [RATE] rows a second, 3 requests
    ");
    assert_eq!(sorted_projects(&service), ["P0", "P1", "P2"]);

    // The same text is recognized, and its temporary copy is gone.
    let run = apply().run();
    check_run!(run, @"
    exit code: 0
    ----- stdout -----
    3 rows of standard input
      applied                    0
      applied by an earlier run  3
      took                       [SECONDS] s, [RATE] rows a second, 0 requests
    ----- stderr -----
    note: resuming the last run, which applied 3 rows; `--restart` sends every row
    ");
    assert_eq!(sorted_projects(&service).len(), 3);
    assert_eq!(folder.names().len(), 2, "{:?}", folder.names());
}

#[cfg(unix)]
#[test]
fn rows_can_come_from_a_named_pipe() {
    let folder = Folder::new();
    let service = service();
    let (reader, mut writer) = io::pipe().unwrap();
    writer.write_all(rows(3).as_bytes()).unwrap();
    drop(writer);
    let run = folder
        .apply_to(&service, "/dev/stdin --format csv")
        .stdin(reader)
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(sorted_projects(&service), ["P0", "P1", "P2"]);
}

#[test]
fn a_file_without_rows_is_not_an_error() {
    for (name, text) in [
        ("rows.csv", "projectId,webhookUrl\n"),
        ("rows.jsonl", ""),
        ("rows.yaml", ""),
        ("rows.yml", "[]"),
    ] {
        let folder = Folder::with(name, text);
        let run = folder.apply(&format!("{name} --sandbox")).run();
        let expected = format!("note: no rows in {name}; nothing was sent\n");
        assert_eq!((run.code, run.stderr), (Some(0), expected));
        assert_eq!(folder.names(), [name]);
    }
}

#[test]
fn an_empty_file_of_csv_has_no_header() {
    let folder = Folder::with("rows.csv", "");
    check_run!(folder.apply("rows.csv --sandbox").run(), @"
    exit code: 2
    ----- stderr -----
    error: rows.csv:1:1: missing header; the first line must name the columns, such as `projectId,webhookUrl`
    hint: nothing was sent; correct this first: what follows could not be read
    ");
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let folder = Folder::with("rows.json", "[]");
    check_run!(folder.apply("absent.csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: `absent.csv` cannot be read
      caused by: No such file or directory (os error [NUMBER])
    hint: check the path and its permissions; nothing was sent
    ");
    check_run!(folder.apply("rows.json").run(), @"
    exit code: 2
    ----- stderr -----
    error: cannot tell the format of `rows.json` from its name
    hint: write an object in each line, as in `jq -c '.[]' FILE`, and give `--format jsonl`
    ");
    check_run!(folder.apply(". --format csv").run(), @"
    exit code: 2
    ----- stderr -----
    error: `.` is a folder
    hint: give a file with rows
    ");
    check_run!(folder.apply("-").run(), @"
    exit code: 2
    ----- stderr -----
    error: cannot tell the format of `standard input` from its name
    hint: give `--format csv`, `--format jsonl` or `--format yaml`
    ");
}

#[test]
fn a_row_of_almost_a_megabyte_is_sent_and_a_longer_one_is_not() {
    let folder = Folder::new();
    let service = service();
    for (length, code) in [(1_000_000, Some(0)), (1_100_000, Some(2))] {
        let mut file = File::create(folder.path("rows.jsonl")).unwrap();
        let url = format!("https://my-system.com/{}", "x".repeat(length));
        writeln!(file, "{{\"projectId\":\"A\",\"webhookUrl\":\"{url}\"}}").unwrap();
        let run = folder.apply_to(&service, "rows.jsonl").run();
        assert_eq!(run.code, code, "{}", run.stderr);
    }
    assert_eq!(service.received().len(), 1);
}
