//! The first pass: reads the whole input and collects its problems before anything is sent.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use roaring::RoaringBitmap;

use super::credentials::Clients;
use super::duplicates::Projects;
use super::input::{self, Digest, Input};
use super::operation::{Action, Operation};
use super::reading::{End, Rows};
use super::row::{Problem, Row};
use crate::failure::{Exit, Failure};

/// Maximum number of problems kept for display; the rest are counted.
const SHOWN: usize = 20;

/// Maximum number of duplicates to sort into input order.
const SORTED: usize = 1000;

/// The result of the first pass.
pub(super) struct Validated {
    pub(super) rows: u32,
    /// The rows that cannot be sent.
    pub(super) invalid: RoaringBitmap,
    /// The rows that create an integration.
    pub(super) creates: RoaringBitmap,
    /// The rows that delete one.
    pub(super) deletes: RoaringBitmap,
    pub(super) digest: Digest,
    /// The first problems, for display.
    pub(super) shown: Vec<Problem>,
    /// Total number of problems.
    pub(super) problems: u64,
    /// Whether a row may have swallowed other rows, so that it cannot be skipped safely.
    pub(super) hides_rows: bool,
    /// The names of columns that are ignored because they are not fields.
    pub(super) ignored_columns: Vec<String>,
}

impl Validated {
    pub(super) fn valid(&self) -> u64 {
        u64::from(self.rows) - self.invalid.len()
    }
}

/// Reads `input` to its end, and writes every problem to the file at `problems`, if given.
///
/// # Errors
/// The text is malformed, so that the rest cannot be read; or there is a problem that affects every row.
pub(super) fn validate(
    input: &Input,
    clients: &mut Clients,
    problems: Option<&Path>,
) -> Result<Validated, Failure> {
    let mut collected = Collected::open(&input.name, problems)?;
    let mut projects = Projects::new();
    let mut validated = Validated {
        rows: 0,
        invalid: RoaringBitmap::new(),
        creates: RoaringBitmap::new(),
        deletes: RoaringBitmap::new(),
        digest: Digest {
            bytes: 0,
            xxh3: String::new(),
        },
        shown: Vec::new(),
        problems: 0,
        hides_rows: false,
        ignored_columns: Vec::new(),
    };
    let (text, state) = input.read()?;
    let broken = |end| broken(&input.name, end);
    let mut rows = Rows::open(input.format, input.csv, text).map_err(broken)?;
    validated.ignored_columns = rows.ignored_columns().to_vec();
    while let Some(item) = rows.next().map_err(broken)? {
        let number = validated.rows;
        validated.rows = number.checked_add(1).ok_or_else(too_many)?;
        let found = match item {
            Err(found) => found,
            Ok(row) => match check(&row, clients)? {
                Ok(operation) => {
                    _ = match operation.action() {
                        Action::Update => false,
                        Action::Create => validated.creates.insert(number),
                        Action::Delete => validated.deletes.insert(number),
                    };
                    let place = row.place_of(super::field::Field::ProjectId);
                    let added = projects.add(operation.project_id.as_str(), number, place);
                    added.map_err(|error| no_room(&error))?;
                    continue;
                }
                Err(found) => found,
            },
        };
        validated.invalid.insert(number);
        validated.hides_rows |= found.iter().any(|problem| problem.hides_rows);
        collected.add_all(found)?;
    }
    validated.digest = state.digest();

    let mut duplicates = Vec::new();
    let mut failed = Ok(());
    let found = projects.find(|duplicate| {
        validated.invalid.insert(duplicate.row);
        let reason = format!(
            "duplicate project, first seen on line {}; put all its changes into one row",
            duplicate.first_line
        );
        let problem = Problem::new(duplicate.place, reason);
        if duplicates.len() < SORTED {
            duplicates.push(problem);
        } else if failed.is_ok() {
            failed = collected.add(problem);
        }
    });
    found.map_err(|error| no_room(&error))?;
    failed?;
    duplicates.sort_unstable_by_key(|problem| problem.place);
    collected.add_all(duplicates)?;
    validated.invalid.optimize();
    (validated.shown, validated.problems) = collected.finish()?;
    Ok(validated)
}

/// Validates a row and looks up its credentials.
fn check(row: &Row, clients: &mut Clients) -> Result<Result<Operation, Vec<Problem>>, Failure> {
    let operation = match Operation::check(row, clients.is_local()) {
        Ok(operation) => operation,
        Err(problems) => return Ok(Err(problems)),
    };
    let client = clients.get(&operation.credentials, row)?;
    Ok(client.map(|_| operation).map_err(|problem| vec![problem]))
}

/// The failure if the rest of an input cannot be read.
pub(super) fn broken(name: &str, end: End) -> Failure {
    match end {
        End::Text(problem) => Failure::usage(
            format!("{name}:{problem}"),
            "nothing was sent; correct this first: what follows could not be read",
        ),
        End::System(error) => input::unreadable(name, &error),
    }
}

fn too_many() -> Failure {
    Failure::usage(
        format!("there are more than {} rows", u32::MAX),
        "nothing was sent; split the input",
    )
}

fn no_room(error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        "not enough disk space to check for duplicate projects",
        "nothing was sent; free space in the folder for temporary files, or name another one in `TMPDIR`",
    )
    .caused_by(Some(error))
}

/// Collects problems: the first ones, the total number, and all of them in a file.
struct Collected<'a> {
    name: &'a str,
    shown: Vec<Problem>,
    count: u64,
    file: Option<(&'a Path, BufWriter<File>)>,
}

impl<'a> Collected<'a> {
    fn open(name: &'a str, path: Option<&'a Path>) -> Result<Self, Failure> {
        let file = path.map(|path| match File::create(path) {
            Ok(file) => Ok((path, BufWriter::new(file))),
            Err(error) => Err(unwritable(path, &error)),
        });
        Ok(Self {
            name,
            shown: Vec::new(),
            count: 0,
            file: file.transpose()?,
        })
    }

    fn add_all(&mut self, problems: Vec<Problem>) -> Result<(), Failure> {
        problems
            .into_iter()
            .try_for_each(|problem| self.add(problem))
    }

    fn add(&mut self, problem: Problem) -> Result<(), Failure> {
        self.count += 1;
        if let Some((path, file)) = &mut self.file {
            let written = writeln!(file, "{}:{problem}", self.name);
            written.map_err(|error| unwritable(path, &error))?;
        }
        if self.shown.len() < SHOWN {
            self.shown.push(problem);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(Vec<Problem>, u64), Failure> {
        self.shown.sort_by_key(|problem| problem.place);
        if let Some((path, mut file)) = self.file {
            file.flush().map_err(|error| unwritable(path, &error))?;
        }
        Ok((self.shown, self.count))
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(
        format!("`{}` cannot be written", path.display()),
        "nothing was sent; name a file in a writable folder with `--problems`",
    )
    .caused_by(Some(error))
}
