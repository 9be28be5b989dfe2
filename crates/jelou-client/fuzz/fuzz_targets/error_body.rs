#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jelou_client::fuzzing::error_body::check(data));
