//! Checks the dependencies against `deny.toml` with cargo-deny.

use std::path::Path;

use crate::process;

use super::{Error, Verdict, missing};

pub(super) fn check(root: &Path) -> Result<Verdict, Error> {
    if let Some(verdict) = missing("deny")? {
        return Ok(verdict);
    }
    let deny = |checks: &[&str]| {
        let mut cargo = process::cargo();
        process::passes(cargo.args(["deny", "check"]).args(checks).current_dir(root))
    };
    // Run both, so that a forbidden licence does not hide an advisory.
    let is_allowed = deny(&["licenses", "bans", "sources"])?;
    let is_advised_against = !deny(&["advisories"])?;
    Ok(match (is_allowed, is_advised_against) {
        (false, _) => Verdict::Failed("`deny.toml` forbids a dependency; see above".to_owned()),
        // A new advisory must not block an unrelated change.
        (true, true) => Verdict::Passed(
            "licences, bans, sources; warning: advisories, or no database of them; see above"
                .to_owned(),
        ),
        (true, false) => Verdict::Passed("licences, bans, sources, advisories".to_owned()),
    })
}
