//! The crates that a downstream crate needs, compared with the recorded ones.
//!
//! There are two counts. The crates in the lock file are what the owner has to trust, audit and download; they are the
//! same on every platform. The compiled crates determine the build time; they are counted for one platform.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cargo_metadata::Metadata;

use super::Error;

/// The platform that the compiled crates are recorded for.
pub(super) const LINUX: &str = "x86_64-unknown-linux-gnu";

const COMPILED: &str = "compiled";
const LOCKED: &str = "locked";
const ABSENT: &str = "-";

/// Name and version.
type Crate = (String, String);

/// The crates in a lock file, except the downstream crate itself, and whether each is compiled.
pub(super) struct Crates(BTreeMap<Crate, bool>);

/// Numbers of crates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) locked: usize,
    pub(super) compiled: usize,
}

/// A difference between the needed and the recorded number of crates.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Growth {
    variant: &'static str,
    recorded: Totals,
    needed: Totals,
}

impl Crates {
    /// The crates in `lock`; those in `tree`, the output of `cargo tree`, are compiled.
    pub(super) fn new(lock: &Metadata, tree: &str) -> Result<Self, Error> {
        let compiled = tree
            .lines()
            .map(tree_entry)
            .collect::<Result<BTreeSet<_>, _>>()?;
        let packages = lock
            .packages
            .iter()
            .filter(|package| *package.name != "downstream");
        let crates = packages.map(|package| {
            let this = (package.name.to_string(), package.version.to_string());
            let is_compiled = compiled.contains(&this);
            (this, is_compiled)
        });
        Ok(Self(crates.collect()))
    }

    pub(super) fn totals(&self) -> Totals {
        Totals {
            locked: self.0.len(),
            compiled: self.0.values().filter(|&&is_compiled| is_compiled).count(),
        }
    }

    fn state(&self, of: &Crate) -> &'static str {
        match self.0.get(of) {
            None => ABSENT,
            Some(false) => LOCKED,
            Some(true) => COMPILED,
        }
    }
}

/// Formats one line per crate, with a column per variant.
///
/// Versions are left out, so that upgrades that add no crate do not change the record.
pub(super) fn table(variants: &[&str], crates: &[Crates]) -> String {
    let mut text = format!(
        "# The crates of a crate that depends on `jelou-client`: written by `cargo xtask downstream --record`.\n\
         # {COMPILED}: on Linux; {LOCKED}: in the lock file, but not compiled on Linux; {ABSENT}: not at all.\n\
         # A crate of which there are several versions has several lines.\n\
         # Columns: crate, {}.\n",
        variants.join(", ")
    );
    let all: BTreeSet<_> = crates.iter().flat_map(|crates| crates.0.keys()).collect();
    for this in all {
        text += &this.0;
        for crates in crates {
            text.push(' ');
            text += crates.state(this);
        }
        text.push('\n');
    }
    text
}

impl Growth {
    /// The variants whose totals differ between the two tables.
    pub(super) fn between(variants: &[&'static str], recorded: &str, needed: &str) -> Vec<Self> {
        let columns = variants.iter().enumerate();
        let growths = columns.map(|(column, variant)| Self {
            variant,
            recorded: totals_of_column(recorded, column),
            needed: totals_of_column(needed, column),
        });
        growths
            .filter(|growth| growth.recorded != growth.needed)
            .collect()
    }
}

fn totals_of_column(table: &str, column: usize) -> Totals {
    let mut totals = Totals::default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let state = line.split(' ').nth(column + 1).unwrap_or(ABSENT);
        totals.locked += usize::from(state != ABSENT);
        totals.compiled += usize::from(state == COMPILED);
    }
    totals
}

/// Parses the name and version from a line such as `ring v0.17.14 (proc-macro) (*)`.
fn tree_entry(line: &str) -> Result<Crate, Error> {
    let mut words = line.split(' ');
    match (
        words.next(),
        words.next().and_then(|word| word.strip_prefix('v')),
    ) {
        (Some(name), Some(version)) => Ok((name.to_owned(), version.to_owned())),
        _ => Err(Error::Tree(line.to_owned())),
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} crates in the lock file, {} compiled",
            self.locked, self.compiled
        )
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            variant,
            recorded,
            needed,
        } = self;
        write!(
            formatter,
            "the downstream crate, {variant}, needs {needed}; recorded are {} and {}",
            recorded.locked, recorded.compiled
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIANTS: [&str; 2] = ["with", "without"];

    fn crates(crates: &[(&str, &str, bool)]) -> Crates {
        let entries = crates
            .iter()
            .map(|&(name, version, compiled)| ((name.to_owned(), version.to_owned()), compiled));
        Crates(entries.collect())
    }

    fn recorded() -> String {
        let with = [
            ("ring", "0.17.14", true),
            ("syn", "2.0.0", true),
            ("syn", "3.0.0", true),
            ("windows-sys", "0.61.2", false),
        ];
        table(&VARIANTS, &[crates(&with), crates(&with[..1])])
    }

    #[test]
    fn a_crate_has_a_line_for_each_version_and_a_column_for_each_variant() {
        let table = recorded();
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(
            lines.collect::<Vec<_>>(),
            [
                "ring compiled compiled",
                "syn compiled -",
                "syn compiled -",
                "windows-sys locked -"
            ]
        );
    }

    #[test]
    fn an_upgrade_that_brings_no_crate_changes_nothing() {
        let with = [
            ("ring", "0.18.0", true),
            ("syn", "2.0.1", true),
            ("syn", "4.0.0", true),
            ("windows-sys", "0.62.0", false),
        ];
        let upgraded = table(&VARIANTS, &[crates(&with), crates(&with[..1])]);
        assert_eq!(upgraded, recorded());
    }

    #[test]
    fn growth_is_told_for_the_variant_that_grew() {
        let with = [("ring", "0.17.14", true), ("syn", "3.0.0", true)];
        let without = [("ring", "0.17.14", true), ("windows-sys", "0.61.2", false)];
        let grown = table(&VARIANTS, &[crates(&with), crates(&without)]);
        let growth = Growth::between(&VARIANTS, &recorded(), &grown);
        assert_eq!(
            growth.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "the downstream crate, with, needs 2 crates in the lock file, 2 compiled; recorded are 4 and 3",
                "the downstream crate, without, needs 2 crates in the lock file, 1 compiled; recorded are 1 and 1"
            ]
        );
        assert_eq!(Growth::between(&VARIANTS, &grown, &grown), []);
    }

    #[test]
    fn text_after_the_version_in_cargo_tree_is_ignored() {
        let entry = tree_entry("jelou-client v0.1.0 (/packages/jelou-client-0.1.0) (*)");
        assert_eq!(
            entry.unwrap(),
            ("jelou-client".to_owned(), "0.1.0".to_owned())
        );
        let error = tree_entry("[build-dependencies]").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`cargo tree` printed `[build-dependencies]`, which is not a crate"
        );
    }
}
