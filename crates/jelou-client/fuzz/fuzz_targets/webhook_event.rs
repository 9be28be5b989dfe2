#![no_main]

#[path = "../../tests/it/fuzzing_events.rs"]
mod fuzzing;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzzing::check(data));
