//! Finds the names that lead to themselves.

use std::collections::{HashMap, HashSet};

/// The names that lead to themselves. What only leads to an end is put aside first, so that a long chain takes no longer than its
/// length.
pub(crate) fn in_cycles<'a>(edges: &HashMap<&'a str, Vec<&'a str>>) -> HashSet<&'a str> {
    let mut before: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut left: HashMap<&str, usize> = HashMap::new();
    for (&from, targets) in edges {
        left.insert(from, targets.len());
        for &to in targets {
            before.entry(to).or_default().push(from);
        }
    }
    let all = before.keys().chain(edges.keys());
    let ends = all.filter(|name| edges.get(*name).is_none_or(Vec::is_empty));
    let mut ends: Vec<&str> = ends.copied().collect();
    while let Some(end) = ends.pop() {
        left.remove(end);
        for from in before.remove(end).into_iter().flatten() {
            if let Some(targets) = left.get_mut(from) {
                *targets -= 1;
                ends.extend((*targets == 0).then_some(from));
            }
        }
    }
    let names = left.into_keys();
    names
        .filter(|name| edges[name].iter().any(|to| leads_to(edges, to, name)))
        .collect()
}

/// Whether there is a way between two names.
pub(crate) fn leads_to(edges: &HashMap<&str, Vec<&str>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut queue = vec![from];
    while let Some(name) = queue.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            queue.extend(edges.get(name).into_iter().flatten());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_in_a_cycle_if_it_leads_to_itself() {
        let edges = [
            ("before", vec!["a", "end", "end"]),
            ("a", vec!["b"]),
            ("b", vec!["a", "after"]),
            ("after", vec!["end"]),
            ("alone", vec![]),
            ("itself", vec!["itself"]),
        ];
        let found = in_cycles(&HashMap::from(edges));
        assert_eq!(found, HashSet::from(["a", "b", "itself"]));
    }
}
