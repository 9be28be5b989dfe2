#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| spec_first_ledger::fuzzing::source_page::check(data));
