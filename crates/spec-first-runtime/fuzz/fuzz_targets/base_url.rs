#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spec_first_runtime::fuzzing::base_url::check(data));
