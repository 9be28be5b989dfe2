//! Files that are not UTF-8.

use jelou_sandbox::Options;

use super::harness::{Folder, service, sorted_projects};
use super::input::{CSV, JSON_LINES, check_sent_with};
use crate::server::Service;

/// Encodes `text`, with `byte` for each `ñ`.
fn encode(text: &str, byte: u8) -> Vec<u8> {
    let ascii = text.replace('ñ', "\0").into_bytes();
    let bytes = ascii.into_iter().map(|each| match each {
        0 => byte,
        each => each,
    });
    bytes.collect()
}

#[test]
fn an_encoding_other_than_utf_8_is_reported_and_read_on_request() {
    const YAML: &str = "- {projectId: A, webhookUrl: 'https://my-system.com/?a,b'}\n- {projectId: B, authType: bearer, authorizationEnv: TOKEN}\n- {projectId: ñ, authType: no_auth, webhookUrl: https://my-system.com/c}\n";
    let json = JSON_LINES.replace("\\u00f1", "ñ");
    for (label, byte, guess) in [
        ("windows-1252", 0xF1, "Windows-1252"),
        ("macintosh", 0x96, "Mac OS Roman"),
    ] {
        let told = format!(
            "the byte 0x{byte:02X} is not UTF-8; the file looks like {guess}, where it is `ñ`: save it as UTF-8 (`CSV UTF-8` in Excel), or give `--encoding {label}`"
        );
        for (name, text, place) in [
            ("rows.csv", CSV, "4:9: in `projectId`, "),
            ("rows.jsonl", json.as_str(), "4:15: "),
            ("rows.yaml", YAML, "3:15: "),
        ] {
            let text = encode(text, byte);
            let folder = Folder::with(name, &text);
            let service = service();
            let run = folder.apply_to(&service, name).env("TOKEN", "canary").run();
            assert_eq!(run.code, Some(2), "{run}");
            assert!(run.stderr.contains(&told), "{run}");
            assert!(run.stderr.contains(&format!("{name}:{place}")), "{run}");
            assert!(service.received().is_empty());
            check_sent_with(name, text, &format!("--encoding {label}"));
        }
    }
    let run = Folder::with("rows.csv", CSV)
        .apply("rows.csv --encoding latin")
        .run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("such as `windows-1252`"), "{run}");
}

#[test]
fn a_byte_order_mark_overrides_the_option() {
    check_sent_with(
        "rows.csv",
        format!("\u{feff}{CSV}"),
        "--encoding windows-1252",
    );
}

#[test]
fn damaged_utf_8_is_not_mistaken_for_another_encoding() {
    let folder = Folder::with("rows.csv", b"projectId,authType\nA\xC3\xB1B\xC3,basic\n");
    let told = "rows.csv:2:1: in `projectId`, the byte 0xC3 is not UTF-8; save the file as UTF-8, or name its encoding with `--encoding`\n";
    for arguments in ["rows.csv --sandbox", "rows.csv --sandbox --encoding utf-8"] {
        let run = folder.apply(arguments).run();
        assert!(run.stderr.contains(told), "{run}");
    }
}

#[test]
fn failed_rows_can_be_read_with_the_same_options() {
    for (name, text) in [
        ("rows.csv", "projectId,authType\nñ,basic\n"),
        (
            "rows.jsonl",
            "{\"projectId\":\"ñ\",\"authType\":\"basic\"}\n",
        ),
        ("rows.yaml", "- {projectId: ñ, authType: basic}\n"),
    ] {
        let folder = Folder::with(name, encode(text, 0xF1));
        let failures = format!("failures-{name}");
        let empty = Service::start(Options::default());
        let run = folder
            .apply_to(&empty, name)
            .arguments("--encoding windows-1252 --failures")
            .arguments(&failures)
            .run();
        assert_eq!(run.code, Some(4), "{run}");
        let service = service();
        let run = folder
            .apply_to(&service, &failures)
            .arguments("--encoding windows-1252")
            .run();
        assert_eq!(run.code, Some(0), "{run}");
        assert_eq!(sorted_projects(&service), ["%C3%B1"]);
    }
}
