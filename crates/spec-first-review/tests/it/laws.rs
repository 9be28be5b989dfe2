//! Properties that hold for every pair of documents, tested on random ones. `PROPTEST_CASES` sets the number of cases for each.

mod documents;
mod edits;
mod instances;
mod judge;
mod schemas;
mod writing;

use std::fmt;

use documents::{mixed, of_schemas, of_texts, with_operations};
use edits::{apply, edit};
use fastrand::Rng;
use instances::{Instances, TEXTS};
use jsonschema::Validator;
use judge::{is_judged_alike, judge};
use schemas::{COMPONENTS, Dialect, FEW_TEXTS, TEXT_FORMATS, is_endless, schema};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{FileFailurePersistence, RngSeed};
use serde_json::{Number, Value, json};
use spec_first_review::{
    Direction, Input, Level, Options, Outcome, Policy, Review, Row, Verdict, review,
};
use writing::{Style, write};

/// The number of cases and the seed. Without `PROPTEST_CASES`, every run tests the same documents, so that an unrelated change
/// does not fail because of a new counterexample. With it, documents are random, and one that fails is tested first the next
/// time.
fn runs(usual: u32, failures: &'static str) -> ProptestConfig {
    let is_exploring = std::env::var_os("PROPTEST_CASES").is_some();
    let (cases, rng_seed) = if is_exploring {
        (ProptestConfig::default().cases, RngSeed::Random)
    } else {
        (usual, RngSeed::Fixed(1))
    };
    ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(failures))),
        max_global_rejects: cases.saturating_mul(20).max(10_000),
        max_shrink_iters: 20_000,
        rng_seed,
        ..ProptestConfig::with_cases(cases)
    }
}

fn compare_texts(base: &str, head: &str, policy: Policy) -> Review {
    let old = |_: &str| Ok(base.to_owned());
    let new = |_: &str| Ok(head.to_owned());
    let mut options = Options::default();
    options.policy = policy;
    let input = |files, path| Input { files, path };
    review(input(&old, "base.yaml"), input(&new, "head.yaml"), &options).unwrap()
}

fn compare(base: &Value, head: &Value, policy: Policy) -> Review {
    compare_texts(&base.to_string(), &head.to_string(), policy)
}

fn forward(review: &Review) -> Option<Verdict> {
    let verdicts = review
        .changes
        .iter()
        .map(|change| change.verdicts.forward.verdict);
    verdicts.max()
}

fn is_harmless(verdict: Option<Verdict>) -> bool {
    verdict.is_none_or(|verdict| verdict == Verdict::Harmless)
}

fn told(review: &Review) -> String {
    let lines = review.changes.iter().map(|change| {
        let place = |place: &Option<spec_first_review::Place>| {
            place
                .as_ref()
                .map(|place| place.pointer.as_str().to_owned())
                .unwrap_or_default()
        };
        format!(
            "{}: {} at {} / {}",
            change.rule(),
            change.message,
            place(&change.base),
            place(&change.head)
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Generates the components of a document, by name.
fn components(dialect: Dialect) -> impl Strategy<Value = Value> {
    vec(schema(dialect), COMPONENTS.len()).prop_map(|schemas| {
        COMPONENTS
            .iter()
            .map(|name| (*name).to_owned())
            .zip(schemas)
            .collect()
    })
}

fn edited(components: &Value, edits: &[(Index, edits::Edit)]) -> Value {
    edits.iter().fold(components.clone(), |components, edit| {
        apply(&components, edit)
    })
}

/// A value that satisfies one schema and not the other.
fn witness(values: &[Value], of: &Validator, against: &Validator) -> Option<Value> {
    let mut values = values.iter();
    values
        .find(|value| of.is_valid(value) && !against.is_valid(value))
        .cloned()
}

fn values_for(base: &Value, head: &Value, seed: u64) -> Vec<Value> {
    let both = [base, head];
    let roots = [&base["Root"], &head["Root"]];
    let mut instances = Instances {
        components: &both,
        random: Rng::with_seed(seed),
    };
    let kinds = [&roots[..1], &roots[1..], &roots[..]];
    (0..120)
        .map(|number| instances.for_schema(kinds[number % 3], 4))
        .collect()
}

/// Schemas describe sets of values: if the review says that one set contains the other, no value may contradict it.
///
/// The validator ignores `discriminator`.
fn sets_are_as_said(
    base: &Value,
    head: &Value,
    dialect: Dialect,
    direction: Direction,
    seed: u64,
) -> Result<(), TestCaseError> {
    prop_assume!(!is_endless(base) && !is_endless(head));
    prop_assume!(is_judged_alike(base, direction) && is_judged_alike(head, direction));
    let (old, new) = (
        of_schemas(base, dialect, direction),
        of_schemas(head, dialect, direction),
    );
    let review = compare(&old, &new, Policy::pure());
    let grows = is_harmless(if direction == Direction::Request {
        review.verdict()
    } else {
        forward(&review)
    });
    let shrinks = is_harmless(if direction == Direction::Request {
        forward(&review)
    } else {
        review.verdict()
    });
    if !grows && !shrinks {
        return Ok(());
    }
    let [of_base, of_head] = judges(base, head, direction)?;
    let values = values_for(base, head, seed);
    let said = told(&review);
    if grows {
        let lost = witness(&values, &of_base, &of_head);
        prop_assert!(
            lost.is_none(),
            "{} was valid and is not, but:\n{said}",
            lost.unwrap()
        );
    }
    if shrinks {
        let won = witness(&values, &of_head, &of_base);
        prop_assert!(
            won.is_none(),
            "{} was invalid and is valid, but:\n{said}",
            won.unwrap()
        );
    }
    Ok(())
}

/// Validators for both documents. Where values are listed, formats are not checked, because the listed values count as valid. No
/// string has two of the formats, so documents with several are not judged then.
fn judges(
    base: &Value,
    head: &Value,
    direction: Direction,
) -> Result<[Validator; 2], TestCaseError> {
    let text = json!([base, head]).to_string();
    let has = |part: &&str| text.contains(*part);
    let checks_formats = !["\"enum\"", "\"const\"", FEW_TEXTS].iter().any(has);
    let formats = TEXT_FORMATS.iter().filter(|format| has(format));
    prop_assume!(checks_formats || formats.count() < 2);
    Ok([base, head].map(|components| judge(components, direction, checks_formats)))
}

/// The values that a string may represent.
fn readings(text: &str) -> Vec<Value> {
    let number: Option<Number> = text.parse().ok();
    let number = number.filter(|number| number.to_string() == text);
    let boolean: Option<bool> = text.parse().ok();
    let others = number.map(Value::from).into_iter();
    let others = others.chain(boolean.map(Value::from));
    others.chain([Value::from(text)]).collect()
}

/// Whether a query that has the parameter with these strings is valid. A single string may also be an array of one item.
fn takes(judge: &Validator, texts: &[&str]) -> bool {
    let mut arrays = vec![Vec::new()];
    for text in texts {
        let longer = arrays.iter().flat_map(|array: &Vec<Value>| {
            let readings = readings(text).into_iter();
            readings.map(|reading| [array.as_slice(), &[reading]].concat())
        });
        arrays = longer.collect();
    }
    let is_single = |array: &Vec<Value>| array.len() == 1 && judge.is_valid(&array[0]);
    arrays
        .iter()
        .any(|array| is_single(array) || judge.is_valid(&json!(array)))
}

/// Parameters describe sets of strings: if the review says that one set contains the other, no string may contradict it.
fn texts_are_as_said(base: &Value, head: &Value, dialect: Dialect) -> Result<(), TestCaseError> {
    prop_assume!(!is_endless(base) && !is_endless(head));
    let direction = Direction::Request;
    prop_assume!(is_judged_alike(base, direction) && is_judged_alike(head, direction));
    let (old, new) = (of_texts(base, dialect), of_texts(head, dialect));
    let review = compare(&old, &new, Policy::pure());
    let [of_base, of_head] = judges(base, head, direction)?;
    let numbers = ["0", "1", "1.5", "2", "4", "7", "-3", "true", "false"];
    let texts = || TEXTS.iter().chain(&numbers);
    let several = texts().flat_map(|one| texts().map(|other| vec![*one, *other]));
    let queries: Vec<Vec<&str>> = texts().map(|one| vec![*one]).chain(several).collect();
    for (is_said, old, new) in [
        (is_harmless(review.verdict()), &of_base, &of_head),
        (is_harmless(forward(&review)), &of_head, &of_base),
    ] {
        let mut queries = queries.iter().filter(|_| is_said);
        let lost = queries.find(|texts| takes(old, texts) && !takes(new, texts));
        prop_assert!(lost.is_none(), "{lost:?}, but:\n{}", told(&review));
    }
    Ok(())
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Request), Just(Direction::Response)]
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop_oneof![Just(Dialect::V3_0), Just(Dialect::V3_1)]
}

/// The components of two documents, shown as JSON.
#[derive(Clone)]
struct Pair {
    base: Value,
    head: Value,
}

impl fmt::Debug for Pair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\nbase {}\nhead {}\n", self.base, self.head)
    }
}

fn pair(dialect: Dialect) -> impl Strategy<Value = Pair> {
    (components(dialect), vec(edit(dialect), 1..3)).prop_map(|(base, edits)| {
        let head = edited(&base, &edits);
        Pair { base, head }
    })
}

proptest! {
    #![proptest_config(runs(300, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/laws/regressions/harmless-3.1.txt")))]

    #[test]
    fn what_is_harmless_loses_no_value_in_3_1(Pair { base, head } in pair(Dialect::V3_1), direction in direction(), seed: u64) {
        sets_are_as_said(&base, &head, Dialect::V3_1, direction, seed)?;
    }
}

proptest! {
    #![proptest_config(runs(200, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/laws/regressions/harmless-3.0.txt")))]

    #[test]
    fn what_is_harmless_loses_no_value_in_3_0(Pair { base, head } in pair(Dialect::V3_0), direction in direction(), seed: u64) {
        sets_are_as_said(&base, &head, Dialect::V3_0, direction, seed)?;
    }
}

/// Generates components of which only `Root` differs, mostly with values that are written as text.
fn texts() -> impl Strategy<Value = (Dialect, Pair)> {
    let in_dialect = |dialect| {
        let roots = [(); 2].map(|()| schemas::of_texts(dialect));
        let pair = (components(dialect), roots).prop_map(|(components, roots)| {
            let [base, head] = roots.map(|root| {
                let mut components: Value = components.clone();
                components["Root"] = root;
                components
            });
            Pair { base, head }
        });
        (Just(dialect), pair)
    };
    dialect().prop_flat_map(in_dialect)
}

proptest! {
    #![proptest_config(runs(500, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/laws/regressions/texts.txt")))]

    #[test]
    fn a_parameter_that_is_harmless_loses_no_text((dialect, Pair { base, head }) in texts()) {
        texts_are_as_said(&base, &head, dialect)?;
    }
}

/// A document, shown as JSON.
#[derive(Clone)]
struct Document(Value);

impl fmt::Debug for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\n{}\n", self.0)
    }
}

fn document() -> impl Strategy<Value = Document> {
    let components = dialect().prop_flat_map(|dialect| (Just(dialect), components(dialect)));
    (components, any::<u64>()).prop_map(|((dialect, components), seed)| {
        Document(with_operations(&components, dialect, seed))
    })
}

/// Generates three documents of one dialect, each a few edits from the one before.
fn steps() -> impl Strategy<Value = [Document; 3]> {
    let in_dialect = |dialect| {
        let edits = || vec(edit(dialect), 0..3);
        (
            Just(dialect),
            components(dialect),
            [edits(), edits()],
            any::<[u64; 5]>(),
        )
    };
    dialect()
        .prop_flat_map(in_dialect)
        .prop_map(|(dialect, components, edits, seeds)| {
            let first = with_operations(&components, dialect, seeds[0]);
            let other = with_operations(&components, dialect, seeds[1]);
            let next = |before: &Value, components: &Value, seed: u64| {
                let mut mixed = mixed(before, &other, (seed % 3) as usize, seed);
                mixed["components"]["schemas"] =
                    of_schemas(components, dialect, Direction::Request)["components"]["schemas"]
                        .clone();
                mixed
            };
            let second_components = edited(&components, &edits[0]);
            let second = next(&first, &second_components, seeds[2]);
            let third = next(&second, &edited(&second_components, &edits[1]), seeds[3]);
            [first, second, third].map(Document)
        })
}

proptest! {
    #![proptest_config(runs(50, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/laws/regressions/same.txt")))]

    #[test]
    fn a_document_in_other_words_is_the_same(Document(document) in document(), seed: u64) {
        let mut random = Rng::with_seed(seed);
        let styles = [Style::Json, Style::Yaml];
        let [base, head] = styles.map(|style| write(&document, style, &mut random));
        let review = compare_texts(&base, &head, Policy::default());
        prop_assert!(review.changes.is_empty(), "{}", told(&review));
        let review = compare(&document, &document, Policy::default());
        prop_assert!(review.changes.is_empty(), "{}", told(&review));
    }
}

proptest! {
    #![proptest_config(runs(50, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/laws/regressions/swapped.txt")))]

    #[test]
    fn swapped_documents_give_swapped_verdicts([Document(base), Document(head), _] in steps()) {
        // An old client misses an optional property that was dropped, but a new one expects that it may be absent.
        let mut policy = Policy::default();
        for outcome in [Outcome::Wider, Outcome::Narrower] {
            policy.set_level(
                Row::PropertyDropped,
                Some(outcome),
                Direction::Response,
                Level::Harmless,
            );
        }
        let there = compare(&base, &head, policy.clone());
        let back = compare(&head, &base, policy);
        let shown = format!("\nthere\n{}\nback\n{}", told(&there), told(&back));
        prop_assert_eq!(there.verdict(), forward(&back), "{}", shown);
        prop_assert_eq!(forward(&there), back.verdict(), "{}", shown);
    }
}

proptest! {
    #![proptest_config(runs(50, concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/laws/regressions/composed.txt")))]

    /// A second step that gives nothing back cannot mend what the first step broke: if clients of the third document can use a
    /// server of the second, a client that the first step breaks is still broken. This is tested for the rule alone; its
    /// exceptions are about what clients rely on, not about sets.
    #[test]
    fn a_breaking_step_is_not_lost_in_a_longer_one([Document(first), Document(second), Document(third)] in steps()) {
        let step = compare(&first, &second, Policy::pure());
        let next = compare(&second, &third, Policy::pure());
        prop_assume!(step.verdict() == Some(Verdict::Breaking) && is_harmless(forward(&next)));
        let whole = compare(&first, &third, Policy::pure());
        let shown = format!("\nfirst step\n{}\nsecond step\n{}\nwhole\n{}", told(&step), told(&next), told(&whole));
        prop_assert!(!is_harmless(whole.verdict()), "{}", shown);
    }
}
