//! Compares patterns: those of strings, and those of property names.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jsonschema_regex::{is_valid_ecma_regex, to_rust_regex};
use regex::{Regex, RegexBuilder};
use regex_syntax::hir::literal::Extractor;
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use rustc_hash::FxHashMap;

use super::bearing::Bearing;
use super::comparison::{Comparison, Found};
use super::conjunction::{ConjunctionId, Context};
use super::shape::Shape;
use crate::change::{Flow, Outcome, Row};
use crate::literal::literal;
use spec_first_document::tree::{NodeId, Symbol};

/// Patterns that match every name. Some do not match line breaks, but names contain none.
const ANY_NAME: [&str; 7] = ["", "^", "$", ".*", "^.*", ".*$", "^.*$"];

/// How the names that one pattern matches relate to those of another one, as far as that can be determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overlap {
    None,
    /// Every name that the first matches is matched by the second.
    Within,
    Unknown,
}

/// The maximum number of strings of a pattern that is read as a list.
const MOST_TEXTS: usize = 64;

/// The maximum number of patterns that are kept compiled.
const MOST_COMPILED: usize = 1_000;

/// The maximum size of a compiled pattern. One that repeats a character a million times takes seconds, and is rejected soon.
const MOST_BYTES: usize = 1 << 20;

/// The maximum length of a pattern that is read: translating one takes quadratic time.
const LONGEST: usize = 10_000;

thread_local! {
    /// Compiling takes far longer than matching, and the same patterns come again for each pair of schemas.
    static COMPILED: RefCell<FxHashMap<Box<str>, Option<Regex>>> = RefCell::default();
}

/// The expression, if the pattern is one of ECMA-262 that Rust can express: `\A` is a letter there, `\w` has ASCII characters
/// only, and a class has neither operators nor nested brackets.
fn parsed(pattern: &str) -> Option<Hir> {
    let has_flags = ["(?i", "(?m", "(?s", "(?-"]
        .iter()
        .any(|flags| pattern.contains(flags));
    if pattern.len() > LONGEST || has_flags || !is_valid_ecma_regex(pattern) {
        return None;
    }
    let parsed = regex_syntax::parse(&to_rust_regex(pattern).ok()?).ok()?;
    // Rust's words have letters of all languages, and `\<` is the beginning of one.
    let has_words = parsed.properties().look_set().contains_word();
    (!has_words).then_some(parsed)
}

/// The strings that a pattern matches, if it is equivalent to a list: anchored at both ends, and without repetitions.
pub(super) fn texts_of(pattern: &str) -> Option<Vec<String>> {
    let parsed = parsed(pattern)?;
    let (beginning, end) = (
        parsed.properties().look_set_prefix(),
        parsed.properties().look_set_suffix(),
    );
    if !beginning.contains(Look::Start) || !end.contains(Look::End) {
        return None;
    }
    // Any pattern with a list has a longest text. Extracting takes far longer than asking.
    parsed.properties().maximum_len()?;
    let mut extractor = Extractor::new();
    extractor.limit_total(MOST_TEXTS).limit_class(MOST_TEXTS);
    let found = extractor.extract(&parsed);
    let literals = found.literals().filter(|_| found.is_exact())?.iter();
    let texts = literals.map(|literal| String::from_utf8(literal.as_bytes().to_vec()));
    let mut texts: Vec<String> = texts.collect::<Result<_, _>>().ok()?;
    // The extractor ignores assertions between literals, such as `^`.
    texts.retain(|text| matches(pattern, text) == Some(true));
    Some(texts)
}

/// Whether a text matches a pattern, if the pattern can be compiled.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= MOST_COMPILED {
            compiled.clear();
        }
        let known = compiled.entry(pattern.into()).or_insert_with(|| {
            let mut builder = RegexBuilder::new(&parsed(pattern)?.to_string());
            builder.size_limit(MOST_BYTES).build().ok()
        });
        known.as_ref().map(|regex| regex.is_match(text))
    })
}

/// How the texts that a new pattern matches differ from those of the old one, as far as the parts of the two patterns correspond;
/// `None` if they match the same.
pub(super) fn pattern_outcome(old: &str, new: &str) -> Option<Outcome> {
    let (Some(old), Some(new)) = (parsed(old), parsed(new)) else {
        return Some(Outcome::Undecided);
    };
    match (is_within(&old, &new), is_within(&new, &old)) {
        (true, true) => None,
        (true, false) => Some(Outcome::Wider),
        (false, true) => Some(Outcome::Narrower),
        (false, false) => Some(Outcome::Undecided),
    }
}

/// Whether one expression matches nothing that another one does not, part by part.
fn is_within(one: &Hir, other: &Hir) -> bool {
    match (one.kind(), other.kind()) {
        (of_one, of_other) if of_one == of_other => true,
        (HirKind::Capture(one), _) => is_within(&one.sub, other),
        (_, HirKind::Capture(other)) => is_within(one, &other.sub),
        (HirKind::Alternation(ones), _) => ones.iter().all(|one| is_within(one, other)),
        (_, HirKind::Alternation(others)) => others.iter().any(|other| is_within(one, other)),
        (HirKind::Class(Class::Unicode(one)), HirKind::Class(Class::Unicode(other))) => {
            let mut shared = one.clone();
            shared.intersect(other);
            shared == *one
        }
        (HirKind::Literal(one), HirKind::Class(Class::Unicode(other))) => {
            let text = std::str::from_utf8(&one.0).unwrap_or_default();
            let mut characters = text.chars();
            let first = characters.next();
            first.is_some_and(|only| {
                let mut ranges = other.iter();
                characters.next().is_none()
                    && ranges.any(|range| (range.start()..=range.end()).contains(&only))
            })
        }
        (HirKind::Repetition(one), HirKind::Repetition(other)) => {
            let ends = other
                .max
                .is_none_or(|most| one.max.is_some_and(|max| max <= most));
            one.min >= other.min && ends && is_within(&one.sub, &other.sub)
        }
        (HirKind::Empty, HirKind::Repetition(other)) => other.min == 0,
        (_, HirKind::Repetition(other)) => {
            other.min <= 1 && other.max != Some(0) && is_within(one, &other.sub)
        }
        (HirKind::Concat(ones), HirKind::Concat(others)) => {
            ones.len() == others.len()
                && (ones.iter().zip(others)).all(|(one, other)| is_within(one, other))
        }
        _ => false,
    }
}

impl Comparison<'_> {
    pub(super) fn compare_pattern_properties(
        &mut self,
        base: &Shape,
        head: &Shape,
        flow: Flow,
        found: &mut Found,
    ) {
        let flow = flow.of_member(self.tree(), None);
        let old = self.base.patterns(base);
        let new = self.head.patterns(head);
        let all: BTreeSet<Symbol> = old
            .iter()
            .chain(&new)
            .map(|(pattern, _)| *pattern)
            .collect();
        let of = |list: &[(Symbol, NodeId)], pattern: Symbol| {
            let mut entries = list.iter().filter(|(known, _)| *known == pattern);
            entries.next().map(|(_, schema)| *schema)
        };
        let only = |list: &[(Symbol, NodeId)], other: &[(Symbol, NodeId)]| {
            let mut entries = list.iter();
            entries
                .find(|(pattern, _)| of(other, *pattern).is_none())
                .copied()
        };
        if let (Some(was), Some(is)) = (only(&old, &new), only(&new, &old)) {
            let text = |(pattern, _): (Symbol, NodeId)| self.tree().text(pattern);
            let message = format!(
                "properties that match {} are now described, not those that match {}",
                literal(text(is)),
                literal(text(was))
            );
            let places = (Some(was.1), Some(is.1));
            found.add(Row::PatternProperties, Outcome::Undecided, places, message);
        }
        let is_exchanged = only(&old, &new).is_some() && only(&new, &old).is_some();
        for pattern in &all {
            let written = (of(&old, *pattern), of(&new, *pattern));
            let is_on_both_sides = written.0.is_some() && written.1.is_some();
            if is_exchanged && !is_on_both_sides {
                continue;
            }
            let places = (
                written.0.or(base.object_place()),
                written.1.or(head.object_place()),
            );
            let tree = self.tree();
            let overlap = |other: &Symbol| overlap(tree.text(*pattern), tree.text(*other));
            let others = || all.iter().filter(|other| *other != pattern);
            let certain = others().filter(|other| overlap(other) == Overlap::Within);
            let certain: Vec<Symbol> = certain.chain([pattern]).copied().collect();
            let possible = others().filter(|other| overlap(other) == Overlap::Unknown);
            let possible: Vec<Symbol> = possible.copied().collect();
            let before = self.base.of_patterns(base, &certain);
            let after = self.head.of_patterns(head, &certain);
            let what = format!(
                "properties that match {}",
                literal(self.tree().text(*pattern))
            );
            let row = Row::PatternProperties;
            self.compare_rest(row, (&before, &after), places, &what, flow, found);
            // If both documents have the pattern, it applies to the names that other patterns match in the same way as to its
            // own.
            let (free, bearing) = match written {
                (None, Some(_)) => (
                    self.conjunctions.of(self.base, &before),
                    Bearing::PERHAPS_NARROWER,
                ),
                (Some(_), None) => (
                    self.conjunctions.of(self.head, &after),
                    Bearing::PERHAPS_WIDER,
                ),
                _ => continue,
            };
            if free == ConjunctionId::ANYTHING {
                continue;
            }
            for other in possible {
                let both = [certain.as_slice(), &[other]].concat();
                let before = self.base.of_patterns(base, &both);
                let after = self.head.of_patterns(head, &both);
                let pair = self.pair(&before, &after, flow);
                let message = format!(
                    "some properties may match both {} and {}",
                    literal(self.tree().text(*pattern)),
                    literal(self.tree().text(other))
                );
                found.rest_on(pair, bearing, row, places, &message);
            }
        }
    }
}

impl Context<'_> {
    /// The schemas that apply to any property of the object that is not listed: those of patterns that match every name.
    pub(super) fn of_any_name(self, object: NodeId) -> impl Iterator<Item = NodeId> {
        let entries = self.tree.get(object, "patternProperties").into_iter();
        let entries = entries.flat_map(move |patterns| self.tree.entries(patterns));
        let entries =
            entries.filter(move |(pattern, _)| ANY_NAME.contains(&self.tree.text(*pattern)));
        entries.map(|(_, schema)| schema)
    }

    /// The schemas of properties of the object that are neither listed nor match a pattern of specific names.
    pub(super) fn of_the_rest(self, object: NodeId) -> Vec<NodeId> {
        let of_any: Vec<NodeId> = self.of_any_name(object).collect();
        if of_any.is_empty() {
            self.tree
                .get(object, "additionalProperties")
                .into_iter()
                .collect()
        } else {
            of_any
        }
    }

    fn patterns(self, shape: &Shape) -> Vec<(Symbol, NodeId)> {
        let patterns = shape
            .objects
            .iter()
            .filter_map(|object| self.tree.get(*object, "patternProperties"));
        patterns
            .flat_map(|patterns| self.tree.entries(patterns))
            .filter(|(pattern, _)| !ANY_NAME.contains(&self.tree.text(*pattern)))
            .collect()
    }

    /// The schemas of properties that match these patterns and no others, and are not listed.
    fn of_patterns(self, shape: &Shape, patterns: &[Symbol]) -> Vec<NodeId> {
        let described_by = |object: NodeId| -> Vec<NodeId> {
            let written = self.tree.get(object, "patternProperties");
            let members = patterns.iter();
            let members = members.filter_map(|pattern| self.tree.member(written?, *pattern));
            members.collect()
        };
        let mut schemas = Vec::new();
        for object in &shape.objects {
            let described = described_by(*object);
            schemas.extend(if described.is_empty() {
                self.of_the_rest(*object)
            } else {
                self.of_any_name(*object).chain(described).collect()
            });
        }
        schemas.extend(self.unseen(shape, |object| !described_by(object).is_empty()));
        schemas
    }
}

/// Whether it is certain that no string matches both patterns.
pub(super) fn are_apart(one: &str, other: &str) -> bool {
    overlap(one, other) == Overlap::None
}

fn overlap(one: &str, other: &str) -> Overlap {
    let (Some(beginning), Some(of_other)) = (beginning(one), beginning(other)) else {
        return Overlap::Unknown;
    };
    if beginning.starts_with(of_other) && other.len() == of_other.len() + 1 {
        Overlap::Within
    } else if beginning.starts_with(of_other) || of_other.starts_with(beginning) {
        Overlap::Unknown
    } else {
        Overlap::None
    }
}

/// The prefix of every matching name, if the pattern begins with literal text.
fn beginning(pattern: &str) -> Option<&str> {
    let words = pattern.strip_prefix('^')?;
    if words.contains('|') {
        return None;
    }
    let is_plain = |character: char| character.is_alphanumeric() || "-_:/ ".contains(character);
    let end = words.find(|character| !is_plain(character));
    let Some(end) = end else {
        return Some(words);
    };
    // A quantifier applies to the last character, as in `^ab*`.
    let is_counted = words[end..].starts_with(['?', '*', '{']);
    let last = words[..end].chars().next_back().filter(|_| is_counted);
    Some(&words[..end - last.map_or(0, char::len_utf8)])
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, beginning, matches, pattern_outcome, texts_of};
    use crate::change::Outcome::{self, Narrower, Undecided, Wider};

    #[test]
    fn a_pattern_that_takes_long_to_compile_is_not_compiled() {
        assert_eq!(matches("^a{9}$", "aaaaaaaaa"), Some(true));
        assert_eq!(matches("^a{100000}$", "a"), None);
    }

    #[test]
    fn patterns_whose_parts_correspond_are_compared_part_by_part() {
        let cases: [(&str, &str, Option<Outcome>); 15] = [
            ("^A[A-Z0-9]{8}$", "^A[A-Z0-9]{8,}$", Some(Wider)),
            ("^T[a-z]{8,9}$", "^[TE][a-z]{2,9}$", Some(Wider)),
            ("^[UW][0-9]{8}$|^$", "^[UW][0-9]+$|^$", Some(Wider)),
            ("^[a-z]+$", "^[a-f]+$", Some(Narrower)),
            ("^(a[0-9]|b)$", "^(a[0-5]|b)$", Some(Narrower)),
            ("^[a-z]{1,}$", "^[a-z]+$", None),
            ("^([a-z])$", "^[a-z]$", None),
            (r"^\d{3}$", r"^\d{2,3}$", Some(Wider)),
            (r"^\d[^\s]$", r"^[0-9]\S$", None),
            (r"^\d$", "^[0-9a]$", Some(Wider)),
            ("^[a-m]{2}$", "^[h-z]{2}$", Some(Undecided)),
            ("^a[a-z]{2}$", "^a[a-z]{3}$", Some(Undecided)),
            ("^a+$", "a+", Some(Undecided)),
            ("^[a-z]$", r"\A[a-z]$", Some(Undecided)),
            ("^(?!a)[a-z]$", "^[a-z]$", Some(Undecided)),
        ];
        for (old, new, expected) in cases {
            assert_eq!(pattern_outcome(old, new), expected, "{old} {new}");
            let flipped = expected.map(Outcome::flipped);
            assert_eq!(pattern_outcome(new, old), flipped, "{new} {old}");
        }
    }

    #[test]
    fn patterns_are_read_as_ecma_262_reads_them() {
        let long = format!("^a{{1}}{}$", r"\d".repeat(LONGEST));
        for (old, new, expected) in [
            (r"^[\wä]+$", r"^[\w]+$", Some(Narrower)),
            (r"^[\w+--]+$", r"^[\w+]+$", Some(Narrower)),
            ("^[+--]+$", "^[+]+$", Some(Narrower)),
            ("^[a-z&&[b]$", "^[a-z&[]$", None),
            ("^[[a-z]$", "^[a-z]$", Some(Narrower)),
            (r"^(.|\n)$", r"^([^\n]|\n)$", Some(Wider)),
            ("^[^\\s\u{feff}]$", r"^[^\s]$", None),
            // What one of the two languages refuses, or reads in another way.
            ("^[[a-z]]$", "^[a-z]$", Some(Undecided)),
            ("^[a-z&&[^b]]$", "^[ac-z]$", Some(Undecided)),
            ("^[]a]$", "^[a]$", Some(Undecided)),
            ("^(?i)a$", "^[aA]$", Some(Undecided)),
            ("^(?i:a)$", "^[aA]$", Some(Undecided)),
            (r"^\pL$", r"^\p{L}$", Some(Undecided)),
            (r"\<a$", "<a$", Some(Undecided)),
            (r"^ä\b", "^ä$", Some(Undecided)),
            (&long, "^a$", Some(Undecided)),
        ] {
            assert_eq!(pattern_outcome(old, new), expected, "{old} {new}");
        }
        assert_eq!(matches(r"^\w$", "ä"), Some(false));
        assert_eq!(matches("^[[a]]$", "a"), None);
    }

    #[track_caller]
    fn check_texts(pattern: &str, expected: Option<&[&str]>) {
        let texts = texts_of(pattern);
        let texts = texts
            .as_ref()
            .map(|texts| texts.iter().map(String::as_str).collect());
        assert_eq!(texts, expected.map(<[&str]>::to_vec), "{pattern}");
    }

    #[test]
    fn a_pattern_that_matches_few_texts_is_a_list_of_them() {
        check_texts("^(a|b)$", Some(&["a", "b"]));
        check_texts("^a$|^b$", Some(&["a", "b"]));
        check_texts("(?:^(?:a|b)$)", Some(&["a", "b"]));
        check_texts("^x[12](y)?$", Some(&["x1y", "x1", "x2y", "x2"]));
        check_texts(r"^\.{2}$", Some(&[".."]));
        check_texts(r"^(é|c^d)$", Some(&["é"]));
        check_texts("^$", Some(&[""]));
    }

    #[test]
    fn a_pattern_that_may_match_more_is_not_a_list() {
        for more in [
            "a",
            "^a",
            "a$",
            "^a|b$",
            "^a$|b",
            "^a+$",
            "^a{2,}$",
            "^[a-z]{2}$",
            r"^\d{2}$",
            "^.$",
            r"^é\b$",
            "(?m)^a$",
            "^(?!a)b$",
        ] {
            check_texts(more, None);
        }
    }

    #[test]
    fn a_beginning_is_what_every_match_begins_with() {
        for (pattern, expected) in [
            ("^x-", Some("x-")),
            ("^x-a?", Some("x-")),
            ("^x-a+$", Some("x-a")),
            ("^[ab]$", Some("")),
            ("^a|b", None),
            ("x-", None),
        ] {
            assert_eq!(beginning(pattern), expected, "{pattern}");
        }
    }
}
