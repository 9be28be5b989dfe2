//! Finds the names that lead to themselves.

use std::collections::HashMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// For each name that leads to itself, the number of its cycle: names with the same number lead to each other.
pub(crate) fn cycles<'a>(edges: &HashMap<&'a str, Vec<&'a str>>) -> HashMap<&'a str, usize> {
    let mut graph = DiGraph::new();
    let mut known = HashMap::new();
    for (&from, targets) in edges {
        for &to in targets {
            let [from, to] =
                [from, to].map(|name| *known.entry(name).or_insert_with(|| graph.add_node(name)));
            graph.add_edge(from, to, ());
        }
    }
    let components = kosaraju_scc(&graph).into_iter().enumerate();
    let components = components.filter(|(_, it)| it.len() > 1 || graph.contains_edge(it[0], it[0]));
    components
        .flat_map(|(number, nodes)| nodes.into_iter().map(move |node| (node, number)))
        .map(|(node, number)| (graph[node], number))
        .collect()
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
        let found = cycles(&HashMap::from(edges));
        assert_eq!(found.len(), 3);
        assert_eq!(found["a"], found["b"]);
        assert_ne!(found["a"], found["itself"]);
    }
}
