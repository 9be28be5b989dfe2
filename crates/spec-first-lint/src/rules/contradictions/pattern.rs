//! Computes the possible lengths of strings that match a regular expression.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// The minimum and maximum number of characters of a matching string; the maximum is `None` if there is no limit.
/// Returns `None` if the expression cannot be analysed.
pub(super) fn lengths(pattern: &str) -> Option<(u64, Option<u64>)> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let greatest = if is_anchored(&hir) {
        greatest(&hir)
    } else {
        None
    };
    Some((least(&hir), greatest))
}

fn is_anchored(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Concat(parts) => {
            let is_look = |part: Option<&Hir>, look: Look| {
                part.is_some_and(
                    |part| matches!(part.kind(), HirKind::Look(found) if *found == look),
                )
            };
            is_look(parts.first(), Look::Start) && is_look(parts.last(), Look::End)
        }
        HirKind::Alternation(parts) => parts.iter().all(is_anchored),
        HirKind::Capture(capture) => is_anchored(&capture.sub),
        _ => false,
    }
}

fn least(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => String::from_utf8_lossy(&literal.0).chars().count() as u64,
        HirKind::Class(_) => 1,
        HirKind::Repetition(repetition) => {
            u64::from(repetition.min).saturating_mul(least(&repetition.sub))
        }
        HirKind::Capture(capture) => least(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(least).fold(0, u64::saturating_add),
        HirKind::Alternation(parts) => parts.iter().map(least).min().unwrap_or(0),
    }
}

fn greatest(hir: &Hir) -> Option<u64> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => {
            Some(String::from_utf8_lossy(&literal.0).chars().count() as u64)
        }
        HirKind::Class(Class::Unicode(_) | Class::Bytes(_)) => Some(1),
        HirKind::Repetition(repetition) => {
            let times = u64::from(repetition.max?);
            times.checked_mul(greatest(&repetition.sub)?)
        }
        HirKind::Capture(capture) => greatest(&capture.sub),
        HirKind::Concat(parts) => parts
            .iter()
            .try_fold(0u64, |sum, part| sum.checked_add(greatest(part)?)),
        HirKind::Alternation(parts) => parts
            .iter()
            .map(greatest)
            .try_fold(0, |most, part| Some(most.max(part?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(lengths("^[A-Z]{5}$"), Some((5, Some(5))));
        assert_eq!(lengths("[A-Z]{5}"), Some((5, None)));
        assert_eq!(lengths("^(é|abc)?x+$"), Some((1, None)));
        assert_eq!(lengths("^(ab|c)$"), Some((1, Some(2))));
        assert_eq!(lengths("(?=a)b"), None);
    }
}
