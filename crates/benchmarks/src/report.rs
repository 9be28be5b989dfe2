//! The results of a bench: machine-independent ratios first, then the figures of this machine.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::rounds::Compared;

/// The results of a bench.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was compared, in one sentence.
    pub title: &'static str,
    /// The names of the two sides: the subject and the reference.
    pub sides: [&'static str; 2],
    /// The ratios of the first side to the second.
    pub ratios: Vec<Ratio>,
    /// The figures of each side on this machine.
    pub figures: Vec<Figure>,
    /// Notes on how to interpret the figures.
    pub notes: Vec<String>,
}

/// A ratio of the first side to the second.
#[derive(Clone, Debug, Serialize)]
pub struct Ratio {
    /// What was measured.
    pub measure: String,
    /// The ratio.
    pub value: f64,
    /// The lower and upper quartile; `None` for figures that do not vary.
    pub quartiles: Option<[f64; 2]>,
    /// The target.
    pub aim: Option<Aim>,
}

/// The target for a ratio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// At most this value.
    AtMost(f64),
    /// At least this value.
    AtLeast(f64),
}

/// The figures of both sides.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured, with its unit.
    pub measure: String,
    /// The figures, in the order of the sides.
    pub values: [f64; 2],
}

impl Ratio {
    fn cells(&self) -> Vec<String> {
        let quartiles = self.quartiles.map_or(String::new(), |[lower, upper]| {
            format!("{lower:.3}–{upper:.3}")
        });
        let aim = self.aim.map_or(String::new(), |aim| {
            let verdict = if aim.is_met(self.value) {
                "met"
            } else {
                "missed"
            };
            format!("{aim}, {verdict}")
        });
        vec![
            self.measure.clone(),
            format!("{:.3}", self.value),
            quartiles,
            aim,
        ]
    }
}

impl Aim {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(most) => write!(formatter, "at most {}", rounded(*most)),
            Self::AtLeast(least) => write!(formatter, "at least {}", rounded(*least)),
        }
    }
}

impl Report {
    /// Creates an empty report.
    pub fn new(title: &'static str, sides: [&'static str; 2]) -> Self {
        Self {
            title,
            sides,
            ratios: Vec::new(),
            figures: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds figures that were counted and do not vary.
    pub fn add_counted(&mut self, measure: &str, values: [f64; 2], aim: Option<Aim>) {
        self.ratios.push(Ratio {
            measure: measure.to_owned(),
            value: values[0] / values[1],
            quartiles: None,
            aim,
        });
        self.figures.push(Figure {
            measure: measure.to_owned(),
            values,
        });
    }

    /// Adds figures that were measured in rounds.
    pub fn add_compared(&mut self, measure: &str, compared: &Compared, aim: Option<Aim>) {
        let Compared {
            ratio,
            first,
            second,
            ..
        } = compared;
        self.ratios.push(Ratio {
            measure: measure.to_owned(),
            value: ratio.median,
            quartiles: Some([ratio.lower_quartile, ratio.upper_quartile]),
            aim,
        });
        let values = [first.median, second.median];
        self.figures.push(Figure {
            measure: measure.to_owned(),
            values,
        });
    }

    /// Adds a note.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Whether a ratio misses its target.
    pub fn misses_a_target(&self) -> bool {
        let mut aims = self.ratios.iter();
        aims.any(|ratio| ratio.aim.is_some_and(|aim| !aim.is_met(ratio.value)))
    }

    /// Formats the report as text.
    pub fn to_text(&self) -> String {
        let [first, second] = self.sides;
        let mut text = format!("{}\n\n", self.title);
        let header = [
            "ratio",
            &format!("{first} / {second}"),
            "quartiles",
            "target",
        ]
        .map(str::to_owned);
        text.push_str(&table(
            &header,
            &self.ratios.iter().map(Ratio::cells).collect::<Vec<_>>(),
        ));
        text.push('\n');
        let rows: Vec<_> = self
            .figures
            .iter()
            .map(|Figure { measure, values }| {
                vec![measure.clone(), number(values[0]), number(values[1])]
            })
            .collect();
        let header = ["on this machine", first, second].map(str::to_owned);
        text.push_str(&table(&header, &rows));
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for note in &self.notes {
            // Writing to a `String` cannot fail.
            _ = writeln!(text, "note: {note}");
        }
        text
    }
}

/// Formats a table with the first column left-aligned and the others right-aligned.
fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let lines: Vec<_> = std::iter::once(header)
        .chain(rows.iter().map(Vec::as_slice))
        .collect();
    let widths: Vec<_> = (0..header.len())
        .map(|column| {
            let cells = lines.iter().map(|line| line[column].chars().count());
            cells.max().unwrap_or_default()
        })
        .collect();
    let mut text = String::new();
    for line in lines {
        let mut row = String::new();
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            _ = match column {
                0 => write!(row, "{cell:<width$}"),
                _ => write!(row, "   {cell:>width$}"),
            };
        }
        _ = writeln!(text, "{}", row.trim_end());
    }
    text
}

/// Rounds to three decimal places.
fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

/// Formats a number with digit groups, or with one decimal place if it is below 1,000.
fn number(value: f64) -> String {
    if value < 1000.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::Spread;

    fn report() -> Report {
        let mut report = Report::new("One compared with the other.", ["one", "other"]);
        report.add_counted(
            "instructions",
            [123_456.0, 120_000.0],
            Some(Aim::AtMost(1.03)),
        );
        report.add_counted("allocations", [31.5, 30.0], None);
        let spread = |lower_quartile, median, upper_quartile| Spread {
            lower_quartile,
            median,
            upper_quartile,
        };
        let compared = Compared {
            ratio: spread(0.95, 0.96, 0.971),
            first: spread(900.0, 960.0, 1100.0),
            second: spread(900.0, 1_002.4, 1200.0),
            pairs: 9,
        };
        report.add_compared("requests per second", &compared, Some(Aim::AtLeast(0.97)));
        report.note("these figures are made up.".to_owned());
        report.note("this is a test.".to_owned());
        report
    }

    #[test]
    fn missed_targets_are_detected() {
        assert!(report().misses_a_target());
        let mut report = Report::new("", ["one", "other"]);
        report.add_counted("instructions", [103.0, 100.0], Some(Aim::AtMost(1.03)));
        report.add_counted("allocations", [200.0, 100.0], None);
        assert!(!report.misses_a_target());
        report.add_counted("instructions", [104.0, 100.0], Some(Aim::AtMost(1.03)));
        assert!(report.misses_a_target());
    }

    #[test]
    fn the_text_shows_which_targets_are_missed() {
        insta::assert_snapshot!(report().to_text(), @"
        One compared with the other.

        ratio                 one / other     quartiles                  target
        instructions                1.029                     at most 1.03, met
        allocations                 1.050
        requests per second         0.960   0.950–0.971   at least 0.97, missed

        on this machine           one     other
        instructions          123_456   120_000
        allocations              31.5      30.0
        requests per second     960.0     1_002

        note: these figures are made up.
        note: this is a test.
        ");
    }

    #[test]
    fn the_json_has_all_figures() {
        insta::assert_snapshot!(serde_json::to_string(&report()).unwrap(), @r#"{"title":"One compared with the other.","sides":["one","other"],"ratios":[{"measure":"instructions","value":1.0288,"quartiles":null,"aim":{"at_most":1.03}},{"measure":"allocations","value":1.05,"quartiles":null,"aim":null},{"measure":"requests per second","value":0.96,"quartiles":[0.95,0.971],"aim":{"at_least":0.97}}],"figures":[{"measure":"instructions","values":[123456.0,120000.0]},{"measure":"allocations","values":[31.5,30.0]},{"measure":"requests per second","values":[960.0,1002.4]}],"notes":["these figures are made up.","this is a test."]}"#);
    }
}
