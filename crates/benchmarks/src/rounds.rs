//! Two sides that take turns, and the ratio of their figures with its spread.
//!
//! criterion and divan time one function after the other, seconds apart, and criterion compares with an earlier run; on a
//! shared machine the drift between the two is larger than what is looked for here. So each pair of rounds gives one ratio,
//! both halves of which were measured within a fraction of a second.

use serde::Serialize;

/// A figure of a distribution: its median, and the quartiles between which half of it lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// A quarter of the values is below.
    pub lower_quartile: f64,
    /// Half of the values is below.
    pub median: f64,
    /// A quarter of the values is above.
    pub upper_quartile: f64,
}

/// What pairs of rounds gave.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The first side's figure divided by the second's, pair by pair.
    pub ratio: Spread,
    /// The figure of the first side.
    pub first: Spread,
    /// The figure of the second side.
    pub second: Spread,
    /// How many pairs there were.
    pub pairs: usize,
}

/// Which side of a comparison a round belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is judged.
    First,
    /// What it is judged by.
    Second,
}

/// Measures both sides in turn, `pairs` times each, at least once; `measure` runs one round and returns its figure.
///
/// The side that begins changes from pair to pair, so that what drifts falls on both.
///
/// # Errors
/// That of the first round that fails.
pub fn compare<E>(
    pairs: usize,
    mut measure: impl FnMut(Side) -> Result<f64, E>,
) -> Result<Compared, E> {
    let pairs = pairs.max(1);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for pair in 0..pairs {
        if pair % 2 == 0 {
            first.push(measure(Side::First)?);
            second.push(measure(Side::Second)?);
        } else {
            second.push(measure(Side::Second)?);
            first.push(measure(Side::First)?);
        }
    }
    Ok(compared(first, second))
}

/// Compares a second figure that was taken in the rounds of [`compare`], in their order.
pub fn of_pairs(figures: &[(Side, f64)]) -> Compared {
    let of = |wanted| {
        let figures = figures.iter().filter(|(side, _)| *side == wanted);
        figures.map(|(_, figure)| *figure).collect()
    };
    compared(of(Side::First), of(Side::Second))
}

fn compared(first: Vec<f64>, second: Vec<f64>) -> Compared {
    let ratios = first
        .iter()
        .zip(&second)
        .map(|(first, second)| first / second);
    let ratios: Vec<f64> = ratios.collect();
    Compared {
        pairs: ratios.len(),
        ratio: spread(ratios),
        first: spread(first),
        second: spread(second),
    }
}

fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    Spread {
        lower_quartile: quantile(&values, 0.25),
        median: quantile(&values, 0.5),
        upper_quartile: quantile(&values, 0.75),
    }
}

/// The value below which `share` of the `sorted` values lie; between two of them, in proportion.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let place = share * last as f64;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn quantiles_lie_between_the_values() {
        let spread = spread(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!(
            (spread.lower_quartile, spread.median, spread.upper_quartile),
            (1.75, 2.5, 3.25)
        );
    }

    #[test]
    fn the_sides_take_turns_in_going_first() {
        let mut order = Vec::new();
        let compared = compare(2, |side| {
            order.push(side);
            Ok::<_, Infallible>(1.0)
        });
        assert_eq!(
            order,
            [Side::First, Side::Second, Side::Second, Side::First]
        );
        assert_eq!(compared.unwrap().pairs, 2);
    }

    #[test]
    fn a_machine_that_slows_down_does_not_change_the_ratio() {
        let mut speed = 1000.0;
        let compared = compare(50, |side| {
            speed *= 0.98;
            Ok::<_, Infallible>(match side {
                Side::First => 3.0 * speed,
                Side::Second => 4.0 * speed,
            })
        })
        .unwrap();
        assert!(compared.first.lower_quartile < compared.first.upper_quartile / 2.0);
        for ratio in [compared.ratio.lower_quartile, compared.ratio.upper_quartile] {
            assert!((0.73..0.77).contains(&ratio), "{ratio}");
        }
    }

    #[test]
    fn at_least_one_pair_is_measured() {
        let compared = compare(0, |_| Ok::<_, Infallible>(1.0)).unwrap();
        assert_eq!((compared.pairs, compared.ratio.median), (1, 1.0));
    }

    #[test]
    fn a_second_figure_is_compared_round_by_round() {
        let figures = [
            (Side::First, 1.0),
            (Side::Second, 2.0),
            (Side::Second, 8.0),
            (Side::First, 4.0),
        ];
        let compared = of_pairs(&figures);
        assert_eq!((compared.pairs, compared.ratio.median), (2, 0.5));
        assert_eq!((compared.first.median, compared.second.median), (2.5, 5.0));
    }

    #[test]
    fn the_first_round_that_fails_ends_the_comparison() {
        let mut rounds = 0;
        let result = compare(5, |side| {
            rounds += 1;
            match side {
                Side::First => Ok(1.0),
                Side::Second => Err("refused"),
            }
        });
        assert_eq!((result, rounds), (Err("refused"), 2));
    }
}
