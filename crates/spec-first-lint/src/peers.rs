//! Which rules find what those of other linters find. `PEERS.md` has the table.

use crate::{Rule, rules};

/// The rules that find what a rule of Spectral or Redocly finds, of which there may be none; `None` if neither has such a rule.
///
/// ```
/// let rules = spec_first_lint::equivalents("operation-operationId").expect("a rule of Spectral");
/// assert_eq!(rules[0].name, "missing-operation-id");
/// ```
pub fn equivalents(peer: &str) -> Option<Vec<&'static Rule>> {
    let row = format!("| `{peer}` | ");
    let table = include_str!("../PEERS.md").lines();
    let ours = table.filter_map(|line| line.strip_prefix(&row)?.split(" |").next());
    let ours: Vec<&str> = ours.collect();
    let is_named = |rule: &&Rule| {
        ours.iter()
            .any(|ours| ours.contains(&format!("`{}`", rule.name)))
    };
    (!ours.is_empty()).then(|| rules().iter().filter(is_named).collect())
}
