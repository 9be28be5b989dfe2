use super::*;
use crate::integration::apply::field::Field;

/// Lists each row with the positions of its fields, each problem, and why reading ended.
fn read(format: RowFormat, text: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rows = match Rows::open(format, ReadOptions::default(), text) {
        Ok(rows) => rows,
        Err(end) => return vec![describe(&end)],
    };
    loop {
        match rows.next() {
            Ok(None) => return lines,
            Ok(Some(Ok(row))) => lines.push(show(&row)),
            Ok(Some(Err(problems))) => {
                lines.extend(problems.iter().map(|problem| format!("bad {problem}")));
            }
            Err(end) => {
                lines.push(describe(&end));
                return lines;
            }
        }
    }
}

fn show(row: &Row) -> String {
    let fields = Field::ALL.into_iter().filter_map(|field| {
        let place = row.place_of(field);
        let text = row.get(field)?;
        let shown = match text.len() {
            0..100 => format!("{text:?}"),
            length => format!("{length} bytes"),
        };
        Some(format!(
            "{}={shown} at {}:{}",
            field.name(),
            place.line,
            place.column
        ))
    });
    fields.collect::<Vec<_>>().join(", ")
}

fn describe(end: &End) -> String {
    match end {
        End::Text(problem) => format!("end {problem}"),
        End::System(error) => format!("system {error}"),
    }
}

#[track_caller]
fn check(format: RowFormat, text: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(read(format, text.as_ref()), expected);
}

#[test]
fn csv_has_a_header_and_a_place_for_each_field() {
    check(
        RowFormat::Csv,
        "webhookUrl,projectId\nhttps://ñ.com,A\n\"b,\"\"c\",B\n\n,C\nd\"e,D\n",
        &[
            "projectId=\"A\" at 2:15, webhookUrl=\"https://ñ.com\" at 2:1",
            "projectId=\"B\" at 3:9, webhookUrl=\"b,\\\"c\" at 3:1",
            "projectId=\"C\" at 5:2",
            "projectId=\"D\" at 6:5, webhookUrl=\"d\\\"e\" at 6:1",
        ],
    );
}

#[test]
fn csv_accepts_every_line_ending() {
    let expected = ["projectId=\"A\" at 2:1", "projectId=\"B\" at 3:1"];
    check(RowFormat::Csv, "projectId\r\nA\r\nB\r\n", &expected);
    check(RowFormat::Csv, "projectId\nA\nB", &expected);
    check(RowFormat::Csv, "projectId\rA\rB\r", &expected);
    let expected = [
        "projectId=\"A\" at 4:1, authType=\"a\" at 4:3",
        "projectId=\"B\" at 6:1, authType=\"b\" at 6:5",
        "bad 7:1: this row spans lines 7 to 8; is a quote not closed? Values cannot contain line breaks",
        "projectId=\"D\" at 9:1",
    ];
    for end in ["\n", "\r", "\r\n"] {
        let text = "sep=;\n\nprojectId;authType\nA;a\n\n\"B\";b\n\"C\n\";c\nD;\n";
        check(RowFormat::Csv, text.replace('\n', end), &expected);
    }
}

#[test]
fn a_malformed_csv_row_is_skipped() {
    check(
        RowFormat::Csv,
        b"projectId,authType\nA\nB,\xFF\nC,c,d\nD,basic\n",
        &[
            "bad 2:1: there is 1 value, but the header names 2 columns",
            "bad 3:3: in `authType`, the byte 0xFF is not UTF-8; the file looks like Windows-1252, where it is `ÿ`: save it as UTF-8 (`CSV UTF-8` in Excel), or give `--encoding windows-1252`",
            "bad 4:1: there are 3 values, but the header names 2 columns",
            "projectId=\"D\" at 5:1, authType=\"basic\" at 5:3",
        ],
    );
}

#[test]
fn an_invalid_csv_header_ends_reading() {
    check(
        RowFormat::Csv,
        "",
        &[
            "end 1:1: missing header; the first line must name the columns, such as `projectId,webhookUrl`",
        ],
    );
    check(
        RowFormat::Csv,
        "projectId,authType,webhok\n",
        &[
            "end 1:20: unknown field `webhok`; did you mean `webhookUrl`? (`--ignore-unknown-columns` skips the column)",
        ],
    );
    check(
        RowFormat::Csv,
        "projectId,projectId\n",
        &["end 1:11: duplicate column `projectId`"],
    );
    check(
        RowFormat::Csv,
        "webhookUrl\n",
        &["end 1:1: the header has no column `projectId`"],
    );
    check(
        RowFormat::Csv,
        "P1,basic\n",
        &[
            "end 1:1: unknown field `P1`; the fields are `projectId`, `webhookUrl`, `authType`, `authorizationEnv`, `apiKeyEnv`, `clientIdEnv`, `clientSecretEnv`, `profile`, `action` (the first line names the columns)",
        ],
    );
    check(
        RowFormat::Csv,
        b"projectId,direcci\xF3n\n",
        &[
            "end 1:11: in the header, the byte 0xF3 is not UTF-8; the file looks like Windows-1252, where it is `ó`: save it as UTF-8 (`CSV UTF-8` in Excel), or give `--encoding windows-1252`",
        ],
    );
}

#[test]
fn the_csv_separator_of_a_spreadsheet_is_detected() {
    let expected = [
        "projectId=\"A\" at 2:1, webhookUrl=\"https://a.com/?b,c\" at 2:3",
        "projectId=\"B\" at 5:1, webhookUrl=\"d\" at 5:3",
    ];
    for separator in [";", "\t", "|"] {
        let text =
            "projectId;webhookUrl;;\r\nA;https://a.com/?b,c;;\r\n;;;\r\n\r\nB;d;;\r\n;;;\r\n";
        check(RowFormat::Csv, text.replace(';', separator), &expected);
    }
    check(
        RowFormat::Csv,
        "sep=;\r\nprojectId;webhookUrl\r\nA;b\r\n",
        &["projectId=\"A\" at 3:1, webhookUrl=\"b\" at 3:3"],
    );
    check(
        RowFormat::Csv,
        "sep=\t\r\n\"projectId\"\tauthType\r\nA\tb\r\n",
        &["projectId=\"A\" at 3:1, authType=\"b\" at 3:3"],
    );
}

#[test]
fn the_separator_and_unknown_columns_can_be_given() {
    let options = ReadOptions {
        delimiter: Some(b'^'),
        ignores_unknown: true,
        action: Action::default(),
    };
    let text = "nota^projectId^\nx;y^A^\n^B^z\n";
    let mut rows = Rows::open(RowFormat::Csv, options, text.as_bytes()).unwrap();
    assert_eq!(rows.ignored_columns(), ["nota"]);
    let mut next = || rows.next().unwrap().map(|item| item.map(|row| show(&row)));
    assert_eq!(next(), Some(Ok("projectId=\"A\" at 2:5".to_owned())));
    assert_eq!(next(), Some(Ok("projectId=\"B\" at 3:2".to_owned())));
    assert_eq!(next(), None);
}

#[test]
fn a_problem_in_a_multi_line_row_names_its_lines() {
    check(
        RowFormat::Csv,
        "projectId,webhookUrl\nA,a\n\n\"B,b\nC,c\nD,d\n",
        &[
            "projectId=\"A\" at 2:1, webhookUrl=\"a\" at 2:3",
            "bad 4:1: this row spans lines 4 to 6; is a quote not closed? Values cannot contain line breaks",
        ],
    );
    check(
        RowFormat::Csv,
        "projectId,webhookUrl\nA,\"a\r\nb\"\r\nC,c",
        &[
            "bad 2:1: this row spans lines 2 to 3; is a quote not closed? Values cannot contain line breaks",
            "projectId=\"C\" at 4:1, webhookUrl=\"c\" at 4:3",
        ],
    );
}

#[test]
fn a_problem_in_a_multi_line_header_names_its_lines() {
    check(
        RowFormat::Csv,
        "projectId,\"webhookUrl\nA,a\nB,\"b\nC,c\n",
        &["end 1:1: the header spans lines 1 to 3; is a quote not closed?"],
    );
}

#[test]
fn utf_16_without_a_byte_order_mark_is_reported() {
    check(
        RowFormat::Csv,
        "p\0r\0o\0j\0e\0c\0t\0I\0d\0\n\0A\0",
        &[
            "end 1:1: there are NUL characters in the header, as in UTF-16 without a byte order mark; save the file as UTF-8, or give `--encoding utf-16le`",
        ],
    );
}

#[test]
fn an_unclosed_quote_does_not_fill_memory() {
    let mut text = b"projectId\nA\n\"B".to_vec();
    text.resize(text.len() + 4 * ROW_LIMIT as usize, b'\n');
    check(
        RowFormat::Csv,
        text,
        &[
            "projectId=\"A\" at 2:1",
            "end 3:1: the row is longer than 1048576 bytes; is a quote not closed?",
        ],
    );
}

#[test]
fn a_long_row_is_read_in_every_format() {
    let long = "x".repeat(ROW_LIMIT as usize - 1000);
    let row = |place: &str| vec![format!("projectId={} bytes at {place}", long.len())];
    let csv = format!("projectId\n{long}\n");
    assert_eq!(read(RowFormat::Csv, csv.as_bytes()), row("2:1"));
    let json = format!("{{\"projectId\":\"{long}\"}}\n");
    assert_eq!(read(RowFormat::Jsonl, json.as_bytes()), row("1:14"));
    let yaml = format!("- projectId: {long}\n");
    assert_eq!(read(RowFormat::Yaml, yaml.as_bytes()), row("1:14"));
}

#[test]
fn json_lines_are_objects() {
    check(
        RowFormat::Jsonl,
        "{\"projectId\":\"A\",  \"webhookUrl\":\"\\u00f1\"}\r\n\n  {\"ñ\":1, \"authType\":null}\n{\"projectId\":\"B\"}",
        &[
            "projectId=\"A\" at 1:14, webhookUrl=\"ñ\" at 1:33",
            "bad 3:8: unknown field `ñ`; the fields are `projectId`, `webhookUrl`, `authType`, `authorizationEnv`, `apiKeyEnv`, `clientIdEnv`, `clientSecretEnv`, `profile`, `action`",
            "projectId=\"B\" at 4:14",
        ],
    );
}

#[test]
fn a_line_that_is_not_an_object_is_skipped() {
    let long = "x".repeat(ROW_LIMIT as usize + 1);
    check(
        RowFormat::Jsonl,
        [
            b"[1]\n\"A\"\n{\"projectId\":7}\n{\"projectId\":\"A\",\"projectId\":\"B\"}\n{\"a\n{]\n\xFF\n".as_slice(),
            long.as_bytes(),
            b"\n{}\n",
        ]
        .concat(),
        &[
            "bad 1:1: this is an array; write an object in each line, as in `jq -c '.[]' FILE`",
            "bad 2:3: this is not an object with fields",
            "bad 3:14: `projectId` is not text; put it in quotes",
            "bad 4:30: duplicate field `projectId`",
            "bad 5:1: this is not JSON",
            "bad 6:2: this is not JSON",
            "bad 7:1: the byte 0xFF is not UTF-8; the file looks like Windows-1252, where it is `ÿ`: save it as UTF-8 (`CSV UTF-8` in Excel), or give `--encoding windows-1252`",
            "bad 8:1: the row is longer than 1048576 bytes",
            "",
        ],
    );
}

#[test]
fn yaml_is_a_sequence_or_a_stream_of_documents() {
    let expected = [
        "projectId=\"A\" at 1:14, webhookUrl=\"b c\" at 2:15",
        "projectId=\"0123\" at 3:14",
    ];
    check(
        RowFormat::Yaml,
        "- projectId: A\n  webhookUrl: \"b c\"\n- projectId: 0123\n  authType: ~\n",
        &expected,
    );
    check(
        RowFormat::Yaml,
        "---\nprojectId: A\n---\n---\n{projectId: \"B\"}\n...\n",
        &["projectId=\"A\" at 2:12", "projectId=\"B\" at 5:13"],
    );
    check(RowFormat::Yaml, "", &[]);
    check(RowFormat::Yaml, "# nothing\n", &[]);
}

#[test]
fn a_yaml_row_that_is_not_a_mapping_of_strings_is_skipped() {
    check(
        RowFormat::Yaml,
        "- A\n- [projectId, A]\n- projectId: {a: [b]}\n  authType: basic\n- &x {projectId: B}\n- *x\n- projectid: C\n- projectId: D\n",
        &[
            "bad 1:3: a row is a mapping of fields, such as `- projectId: PROJECT_ID`",
            "bad 2:3: a row is a mapping of fields, such as `- projectId: PROJECT_ID`",
            "bad 3:14: `projectId` is not text",
            "projectId=\"B\" at 5:18",
            "bad 6:3: a row is a mapping of fields, such as `- projectId: PROJECT_ID`",
            "bad 7:3: unknown field `projectid`; did you mean `projectId`?",
            "projectId=\"D\" at 8:14",
        ],
    );
}

#[test]
fn invalid_yaml_ends_reading() {
    let lines = read(RowFormat::Yaml, b"- projectId: A\n- projectId: \"B\n");
    assert_eq!(lines[0], "projectId=\"A\" at 1:14");
    assert!(lines[1].starts_with("end "), "{lines:?}");
    let lines = read(RowFormat::Yaml, b"- projectId: \xC3(\n");
    assert!(
        lines[0].starts_with("end 1:14: the byte 0xC3 is not UTF-8"),
        "{lines:?}"
    );
    let long = format!("- projectId: {}\n", "x".repeat(ROW_LIMIT as usize));
    let lines = read(RowFormat::Yaml, long.as_bytes());
    assert!(lines[0].contains("longer than"), "{lines:?}");
}
