//! Properties that hold for any text.

use proptest::prelude::*;

use super::*;
use crate::integration::apply::field::Field;

/// Reads all rows.
fn read(format: RowFormat, text: &[u8]) -> Vec<Row> {
    let mut found = Vec::new();
    let Ok(mut rows) = Rows::open(format, ReadOptions::default(), text) else {
        return found;
    };
    while let Ok(Some(item)) = rows.next() {
        found.extend(item);
    }
    found
}

/// The rest of `text` from `line` and `column` on.
fn rest_at(text: &str, line: u64, column: u64) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let rest = lines[line as usize - 1..].concat();
    rest.chars().skip(column as usize - 1).collect()
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zñ,\"\n\r ]{1,8}", "[^\u{feff}]{1,5}"]
}

proptest! {
    #[test]
    fn arbitrary_bytes_can_be_read(bytes: Vec<u8>, text in "[-{}:\\[\\]\",\n a&*!#|>%@~]{0,40}") {
        for format in [RowFormat::Csv, RowFormat::Jsonl, RowFormat::Yaml] {
            read(format, &bytes);
            read(format, text.as_bytes());
            read(format, &[b"projectId,webhookUrl\n", &bytes[..]].concat());
        }
    }

    #[test]
    fn csv_round_trips_and_each_value_has_its_position(
        values in prop::collection::vec(("[a-zñ,;\" ]{1,8}", "[a-zñ,;\" ]{0,8}"), 1..5),
        delimiter in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')],
        is_quoted: bool,
    ) {
        let style = match is_quoted {
            true => ::csv::QuoteStyle::Always,
            false => ::csv::QuoteStyle::Necessary,
        };
        let mut writer = ::csv::WriterBuilder::new().quote_style(style).delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["projectId", "webhookUrl"]).unwrap();
        for (project, url) in &values {
            writer.write_record([project, url]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let rows = read(RowFormat::Csv, text.as_bytes());
        prop_assert_eq!(rows.len(), values.len());
        for (row, (project, url)) in rows.iter().zip(&values) {
            for (field, value) in [(Field::ProjectId, project), (Field::WebhookUrl, url)] {
                prop_assert_eq!(row.get(field).unwrap_or_default(), value.as_str());
                let place = row.place_of(field);
                let rest = rest_at(&text, place.line, place.column);
                let quoted = format!("\"{}\"", value.replace('"', "\"\""));
                prop_assert!(
                    rest.starts_with(value.as_str()) || rest.starts_with(&quoted),
                    "{rest:?} {value:?}"
                );
            }
        }
    }

    #[test]
    fn json_lines_round_trip_and_each_value_has_its_position(
        values in prop::collection::vec(value(), 1..5),
    ) {
        let line = |value: &String| format!(" {{\"projectId\" : {}}}\r\n", serde_json::json!(value));
        let text: String = values.iter().map(line).collect();
        let rows = read(RowFormat::Jsonl, text.as_bytes());
        prop_assert_eq!(rows.len(), values.len());
        for (row, value) in rows.iter().zip(&values) {
            prop_assert_eq!(row.get(Field::ProjectId), Some(value.as_str()));
            let place = row.place_of(Field::ProjectId);
            let rest = rest_at(&text, place.line, place.column);
            prop_assert!(rest.starts_with(&serde_json::json!(value).to_string()), "{rest:?}");
        }
    }
}
