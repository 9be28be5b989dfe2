//! `bench webhook` measures what a receiver does.

use benchmarks::webhook::Signed;
use jelou_client::webhook::Event;

#[test]
fn what_is_measured_is_a_message_that_is_accepted() {
    for length in [5, 100_000] {
        let signed = Signed::message(length).unwrap();
        assert!(signed.is_signed());
        let event = signed.read().unwrap();
        assert!(matches!(event, Event::Message(_)), "{event:?}");
        assert!(event.raw_json().len() > length);
    }
}
