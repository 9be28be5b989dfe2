//! One event of one row in eight bytes: the row, what happened, and a check over both.

use twox_hash::XxHash3_64;

pub(super) const LENGTH: usize = 8;

/// What happens to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::integration::apply) enum Event {
    /// It is about to be sent.
    Sent,
    /// It was applied.
    Applied,
    /// It failed, and was not applied.
    Refused,
    /// It failed, and may have been applied.
    Unclear,
}

impl Event {
    const ALL: [Self; 4] = [Self::Sent, Self::Applied, Self::Refused, Self::Unclear];

    /// Never zero: a file that a crash has left with zeros in it has no event there.
    fn number(self) -> u8 {
        match self {
            Self::Sent => 1,
            Self::Applied => 2,
            Self::Refused => 3,
            Self::Unclear => 4,
        }
    }
}

pub(super) fn encode(row: u32, event: Event) -> [u8; LENGTH] {
    let [a, b, c, d] = row.to_le_bytes();
    let number = event.number();
    let [e, f, g] = check([a, b, c, d, number]);
    [a, b, c, d, number, e, f, g]
}

/// The event; `None` if the bytes are not what was written.
pub(super) fn decode(bytes: [u8; LENGTH]) -> Option<(u32, Event)> {
    let [a, b, c, d, number, e, f, g] = bytes;
    if check([a, b, c, d, number]) != [e, f, g] {
        return None;
    }
    let event = Event::ALL
        .into_iter()
        .find(|event| event.number() == number)?;
    Some((u32::from_le_bytes([a, b, c, d]), event))
}

fn check(bytes: [u8; 5]) -> [u8; 3] {
    let [a, b, c, ..] = XxHash3_64::oneshot(&bytes).to_le_bytes();
    [a, b, c]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        for event in Event::ALL {
            for row in [0, 1, 70_000, u32::MAX] {
                assert_eq!(decode(encode(row, event)), Some((row, event)));
            }
        }
    }

    #[test]
    fn a_damaged_record_is_none() {
        assert_eq!(decode([0; LENGTH]), None);
        let bytes = encode(4711, Event::Applied);
        for bit in 0..8 * LENGTH {
            let mut damaged = bytes;
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decode(damaged), None, "{bit}");
        }
    }
}
