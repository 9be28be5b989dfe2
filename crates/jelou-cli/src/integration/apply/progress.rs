//! Shows progress: a bar on a terminal, otherwise an occasional line, or nothing.

use std::io;
use std::time::{Duration, Instant};

use console::Term;

use crate::output;

/// Interval between redraws of the bar.
const FRAME: Duration = Duration::from_millis(100);

/// Interval between lines without a terminal.
const INTERVAL: Duration = Duration::from_secs(10);

/// Width of the bar in columns.
const BAR: usize = 30;

/// The progress display of a run.
pub(super) struct Progress {
    rows: u64,
    begin: Instant,
    /// The time of the next update; `None` if progress is hidden.
    next: Option<Instant>,
    /// The terminal to draw the bar on.
    terminal: Option<Term>,
}

impl Progress {
    /// Creates the display for a run of `rows` rows.
    pub(super) fn new(rows: u64, is_quiet: bool) -> Self {
        let begin = Instant::now();
        let terminal = Some(Term::buffered_stderr()).filter(Term::is_term);
        let next = match terminal {
            Some(_) => begin,
            None => begin + INTERVAL,
        };
        Self {
            rows,
            begin,
            next: (!is_quiet).then_some(next),
            terminal,
        }
    }

    /// Shows the number of rows sent, and how many of them failed.
    pub(super) fn show(&mut self, sent: u64, failed: u64) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        let line = line(sent, failed, self.rows, now - self.begin);
        let interval = match &self.terminal {
            Some(terminal) => {
                let columns = terminal.size().1.into();
                // If the bar cannot be drawn, the report still shows the result.
                _ = draw(terminal, &frame(line, sent, self.rows, columns));
                FRAME
            }
            None => {
                output::print_note(&line);
                INTERVAL
            }
        };
        self.next = Some(now + interval);
    }

    /// Prints a note between two updates of the bar.
    pub(super) fn tell(&self, text: &str) {
        if self.next.is_some() {
            self.clear();
            output::print_note(text);
        }
    }

    /// Removes the bar.
    pub(super) fn clear(&self) {
        if let (Some(terminal), Some(_)) = (&self.terminal, self.next) {
            _ = draw(terminal, "");
        }
    }
}

/// Replaces the previous frame.
///
/// Leaves the cursor at the start of the bar. A terminal that is narrowed may wrap the bar and moves the cursor along, so
/// clearing from the cursor onwards always removes the whole bar.
fn draw(terminal: &Term, frame: &str) -> io::Result<()> {
    terminal.clear_to_end_of_screen()?;
    terminal.write_str(&format!("{frame}\r"))?;
    terminal.flush()
}

/// Puts a bar before `line` if there is room. Stays narrower than `columns`, because a full line makes terminals wrap.
fn frame(line: String, sent: u64, rows: u64, columns: usize) -> String {
    let room = columns.saturating_sub(1);
    if line.len() + 1 + BAR > room {
        return line.chars().take(room).collect();
    }
    let share = sent as f64 / rows.max(1) as f64;
    let filled = ((share * BAR as f64) as usize).min(BAR);
    format!("{:BAR$} {line}", "━".repeat(filled))
}

fn line(sent: u64, failed: u64, rows: u64, elapsed: Duration) -> String {
    let rate = sent as f64 / elapsed.as_secs_f64().max(f64::MIN_POSITIVE);
    let left = match rate > 0.0 {
        true => time_left((rows.saturating_sub(sent) as f64 / rate).round() as u64),
        false => "an unknown time left".to_owned(),
    };
    format!("{sent} of {rows} rows, {rate:.0} a second, {failed} failed, {left}")
}

fn time_left(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s left"),
        120..7200 => format!("{} min left", seconds / 60),
        _ => format!("{} h {} min left", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_shows_progress_and_time_left() {
        let line = |sent, seconds| line(sent, 3, 2000, Duration::from_secs(seconds));
        assert_eq!(
            line(500, 10),
            "500 of 2000 rows, 50 a second, 3 failed, 30 s left"
        );
        assert_eq!(
            line(0, 10),
            "0 of 2000 rows, 0 a second, 3 failed, an unknown time left"
        );
        assert_eq!(
            line(997, 600),
            "997 of 2000 rows, 2 a second, 3 failed, 10 min left"
        );
        assert_eq!(
            line(500, 3600),
            "500 of 2000 rows, 0 a second, 3 failed, 3 h 0 min left"
        );
    }

    #[test]
    fn a_bar_is_shown_where_there_is_room_for_it() {
        let frame = |columns| frame("1 of 2 rows".to_owned(), 1, 2, columns);
        let bar = format!("{:30} 1 of 2 rows", "━".repeat(15));
        assert_eq!(frame(43), bar);
        assert_eq!(frame(42), "1 of 2 rows");
        assert_eq!(frame(7), "1 of 2");
        assert_eq!(frame(0), "");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_left_of_a_bar_after_the_terminal_was_resized() {
        use std::fs::File;
        use std::io::Read;

        let file = tempfile::NamedTempFile::new().unwrap();
        let mut written = file.reopen().unwrap();
        let terminal = Term::read_write_pair(File::open(file.path()).unwrap(), file);
        let mut screen = avt::Terminal::with_scrollback(100, 10, None).unwrap();
        screen.feed("$ jelou integration apply rows.csv\r\n");
        let mut sent = 0;
        for columns in [100, 45, 20, 8, 60, 30, 100] {
            screen.resize(columns, 10);
            // Draw twice, to check that a bar also replaces one of the same width.
            for _ in 0..2 {
                sent += 1;
                let line = line(sent, 0, 20, Duration::from_secs(1));
                draw(&terminal, &frame(line, sent, 20, columns)).unwrap();
                let mut text = String::new();
                written.read_to_string(&mut text).unwrap();
                screen.feed(text.as_str());
            }
        }
        draw(&terminal, "").unwrap();
        let mut text = String::new();
        written.read_to_string(&mut text).unwrap();
        screen.feed(text.as_str());
        let shown = screen.screen().text().join("\n");
        assert_eq!(shown.trim_end(), "$ jelou integration apply rows.csv");
    }
}
