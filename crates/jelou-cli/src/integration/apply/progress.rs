//! How far a run has come: a bar on a terminal, a line now and then elsewhere, or nothing.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output;

/// How often a line is written where there is no terminal.
const INTERVAL: Duration = Duration::from_secs(10);

/// How often a bar is drawn, each second.
const FRAMES: u8 = 10;

const TEMPLATE: &str = "{bar:30} {human_pos} of {human_len} rows, {per_sec}, {msg}, {eta} left";

/// Shows how far a run has come.
pub(super) enum Progress {
    Bar(ProgressBar),
    Lines {
        rows: u64,
        begin: Instant,
        next: Instant,
    },
    Quiet,
}

impl Progress {
    /// For a run that sends `rows`.
    pub(super) fn new(rows: u64, is_quiet: bool) -> Self {
        if is_quiet {
            return Self::Quiet;
        }
        if !io::stderr().is_terminal() {
            let begin = Instant::now();
            return Self::Lines {
                rows,
                begin,
                next: begin + INTERVAL,
            };
        }
        let bar =
            ProgressBar::with_draw_target(Some(rows), ProgressDrawTarget::stderr_with_hz(FRAMES));
        // A template that is wrong shows the default one.
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.set_message("0 failed");
        Self::Bar(bar)
    }

    /// Shows that so many rows were sent, of which so many failed.
    pub(super) fn show(&mut self, sent: u64, failed: u64) {
        match self {
            Self::Quiet => {}
            Self::Bar(bar) => {
                if bar.position() != sent {
                    bar.set_message(format!("{failed} failed"));
                }
                bar.set_position(sent);
            }
            Self::Lines { rows, begin, next } => {
                let now = Instant::now();
                if now >= *next {
                    *next = now + INTERVAL;
                    output::print_note(&line(sent, failed, *rows, now - *begin));
                }
            }
        }
    }

    /// Says something between two bars.
    pub(super) fn tell(&self, text: &str) {
        match self {
            Self::Bar(bar) => bar.suspend(|| output::print_note(text)),
            Self::Lines { .. } => output::print_note(text),
            Self::Quiet => {}
        }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn line(sent: u64, failed: u64, rows: u64, elapsed: Duration) -> String {
    let rate = sent as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    let left = match rate > 0.0 {
        true => format!("{:.0} s left", rows.saturating_sub(sent) as f64 / rate),
        false => "an unknown time left".to_owned(),
    };
    format!("{sent} of {rows} rows, {rate:.0} a second, {failed} failed, {left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_has_come_and_how_long_it_takes() {
        assert_eq!(
            line(500, 3, 2000, Duration::from_secs(10)),
            "500 of 2000 rows, 50 a second, 3 failed, 30 s left"
        );
        assert_eq!(
            line(0, 0, 2000, Duration::from_secs(10)),
            "0 of 2000 rows, 0 a second, 0 failed, an unknown time left"
        );
    }

    #[test]
    fn the_template_is_one() {
        ProgressStyle::with_template(TEMPLATE).unwrap();
    }
}
