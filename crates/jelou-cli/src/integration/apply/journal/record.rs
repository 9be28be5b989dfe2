//! One event of one row in 24 bytes: the row, the event, and a checksum of both.

use twox_hash::XxHash3_64;

use super::fingerprint::Fingerprint;

pub(super) const LENGTH: usize = 24;

/// Number of bytes that the checksum covers.
const CHECKED: usize = LENGTH - 3;

/// An event and its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::integration::apply) struct Record {
    pub(in crate::integration::apply) row: Fingerprint,
    pub(in crate::integration::apply) event: Event,
}

/// An event of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::integration::apply) enum Event {
    /// The row is about to be sent.
    Sent,
    /// The same, for a row that creates an integration.
    SentToCreate,
    /// The row was applied.
    Applied,
    /// The row failed and was not applied.
    Refused,
    /// The row failed and may have been applied.
    Unclear,
}

impl Event {
    const ALL: [Self; 5] = [
        Self::Sent,
        Self::SentToCreate,
        Self::Applied,
        Self::Refused,
        Self::Unclear,
    ];

    /// Never zero, so that zeros left by a crash do not decode as an event.
    pub(in crate::integration::apply) fn number(self) -> u8 {
        match self {
            Self::Sent => 1,
            Self::Applied => 2,
            Self::Refused => 3,
            Self::Unclear => 4,
            Self::SentToCreate => 5,
        }
    }

    pub(in crate::integration::apply) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.number() == number)
    }
}

impl Record {
    pub(super) fn encode(self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[..8].copy_from_slice(&self.row.project.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.row.values.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.row.line.to_le_bytes());
        bytes[20] = self.event.number();
        let check = check(&bytes);
        bytes[CHECKED..].copy_from_slice(&check);
        bytes
    }

    /// Decodes a record; `None` if it is damaged.
    pub(super) fn decode(bytes: &[u8; LENGTH]) -> Option<Self> {
        if check(bytes) != bytes[CHECKED..] {
            return None;
        }
        let (project, rest) = bytes.split_first_chunk()?;
        let (values, rest) = rest.split_first_chunk()?;
        let (line, rest) = rest.split_first_chunk()?;
        let event = Event::of_number(rest[0])?;
        let row = Fingerprint {
            project: u64::from_le_bytes(*project),
            values: u64::from_le_bytes(*values),
            line: u32::from_le_bytes(*line),
        };
        Some(Self { row, event })
    }
}

fn check(bytes: &[u8; LENGTH]) -> [u8; LENGTH - CHECKED] {
    let [a, b, c, ..] = XxHash3_64::oneshot(&bytes[..CHECKED]).to_le_bytes();
    [a, b, c]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(line: u32, event: Event) -> Record {
        let row = Fingerprint {
            project: u64::MAX - u64::from(line),
            values: 4711,
            line,
        };
        Record { row, event }
    }

    #[test]
    fn records_round_trip() {
        for event in Event::ALL {
            for line in [0, 1, 70_000, u32::MAX] {
                let record = record(line, event);
                assert_eq!(Record::decode(&record.encode()), Some(record));
            }
        }
    }

    #[test]
    fn a_damaged_record_is_not_decoded() {
        assert_eq!(Record::decode(&[0; LENGTH]), None);
        let bytes = record(4711, Event::Applied).encode();
        for bit in 0..8 * LENGTH {
            let mut damaged = bytes;
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Record::decode(&damaged), None, "{bit}");
        }
    }
}
