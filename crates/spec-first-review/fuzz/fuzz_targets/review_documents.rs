#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spec_first_review::fuzzing::review_documents::check(data));
