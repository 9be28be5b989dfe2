//! Formats a report as text.

use std::fmt::Write as _;

use super::{Listed, Report, Rows};
use crate::output;

/// Maximum number of rows named per reason.
const NAMED: usize = 3;

/// Maximum length of a project id, which may otherwise be as long as a row.
const SHOWN: usize = 60;

impl Report {
    /// Formats the report as text.
    pub(in crate::integration::apply) fn to_text(&self) -> String {
        let input = output::escape(&self.input);
        let mut text = format!("{} of {input}\n", count(self.rows, "row"));
        let in_doubt = match self.may_have_been_applied {
            0 => String::new(),
            count => format!(" ({count} may have been applied)"),
        };
        for (name, rows, remark) in [
            ("applied", self.applied, ""),
            ("applied by an earlier run", self.applied_earlier, ""),
            ("failed", self.failed, in_doubt.as_str()),
            ("skipped as invalid", self.invalid, ""),
            ("sent, without an answer", self.unanswered, ""),
            ("not sent", self.not_sent, ""),
        ] {
            if rows > 0 || name == "applied" {
                // Writing to a `String` cannot fail.
                _ = writeln!(text, "  {name:<25}  {rows}{remark}");
            }
        }
        for (name, Rows { count, rows }) in [
            ("sent again, in doubt", &self.sent_again),
            ("unknown, check by hand", &self.unknown),
            ("created without a secret", &self.without_secret),
        ] {
            if *count > 0 {
                _ = writeln!(text, "  {name:<25}  {count}: {}", name_rows(rows, *count));
            }
        }
        _ = writeln!(
            text,
            "  {:<25}  {:.1} s, {:.0} rows a second, {}",
            "took",
            self.seconds,
            self.rows_per_second,
            count(self.requests, "request")
        );
        if !self.failures.is_empty() {
            text.push_str("failures:\n");
        }
        for reason in &self.failures {
            let rows = name_rows(&reason.rows, reason.count);
            _ = writeln!(
                text,
                "  {} × {}\n      {rows}",
                reason.count,
                output::escape(&reason.reason)
            );
        }
        if let [slowest, ..] = &self.slowest[..]
            && slowest.milliseconds > 0
        {
            let slowest = self.slowest.iter().map(|slow| {
                let row = name_row(&slow.row);
                format!("{} ms {row}", slow.milliseconds)
            });
            _ = writeln!(text, "slowest: {}", slowest.collect::<Vec<_>>().join(", "));
        }
        text
    }
}

/// Formats a count with the singular or plural of `name`.
pub(in crate::integration::apply) fn count(number: u64, name: &str) -> String {
    match number {
        1 => format!("1 {name}"),
        _ => format!("{number} {name}s"),
    }
}

fn name_rows(rows: &[Listed], count: u64) -> String {
    let named: Vec<_> = rows.iter().take(NAMED).map(name_row).collect();
    let others = count.saturating_sub(named.len() as u64);
    let named = named.join(", ");
    match others {
        0 => named,
        others => format!("{named} and {others} more"),
    }
}

fn name_row(row: &Listed) -> String {
    let mut project_id: String = row.project_id.chars().take(SHOWN).collect();
    if project_id.len() < row.project_id.len() {
        project_id.push('…');
    }
    format!("line {} ({})", row.line, output::escape(&project_id))
}
