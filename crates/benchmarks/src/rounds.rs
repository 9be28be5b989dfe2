//! Measures two sides in alternating rounds and computes the ratio of their figures.
//!
//! criterion and divan time functions one after the other, seconds apart, and criterion compares with an earlier run.
//! On a shared machine, the drift in between is larger than the differences of interest. Here, each ratio comes from a
//! pair of rounds measured within a fraction of a second.

use serde::Serialize;

/// The median and quartiles of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The value below which a quarter of the values are.
    pub lower_quartile: f64,
    /// The value below which half of the values are.
    pub median: f64,
    /// The value above which a quarter of the values are.
    pub upper_quartile: f64,
}

/// The results of pairs of rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The first side's figure divided by the second's, pair by pair.
    pub ratio: Spread,
    /// The figure of the first side.
    pub first: Spread,
    /// The figure of the second side.
    pub second: Spread,
    /// The number of pairs.
    pub pairs: usize,
}

/// A side of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The subject.
    First,
    /// The reference.
    Second,
}

/// Measures both sides alternately, `pairs` times but at least once; `measure` runs one round and returns its figure.
///
/// The order alternates from pair to pair, so that drift affects both sides equally.
///
/// # Errors
/// Returns the error of the first round that fails.
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

/// Compares a second figure collected during [`compare`], in the order of the rounds.
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

/// The quantile `share` of the `sorted` values, with linear interpolation.
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
    fn quantiles_are_interpolated() {
        let spread = spread(vec![4.0, 1.0, 3.0, 2.0]);
        assert_eq!(
            (spread.lower_quartile, spread.median, spread.upper_quartile),
            (1.75, 2.5, 3.25)
        );
    }

    #[test]
    fn the_order_of_the_sides_alternates() {
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
    fn drift_does_not_change_the_ratio() {
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
    fn a_second_figure_is_compared_by_pairs() {
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
    fn the_first_error_stops_the_comparison() {
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
