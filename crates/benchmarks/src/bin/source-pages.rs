//! Reads one page many times and does nothing else. `bench source` measures this process.

use std::hint::black_box;
use std::process::ExitCode;

use benchmarks::source::{Form, Reader};
use benchmarks::{Error, output};
use clap::Parser;
use html5gum::{DefaultEmitter, Tokenizer};
use spec_first_ledger::source::{self, Labels};

/// Read a page many times and print how many facts, or parts, were found
#[derive(Debug, Parser)]
struct Arguments {
    form: Form,
    reader: Reader,
    pages: usize,
}

fn main() -> ExitCode {
    output::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let labels = Labels::built_in();
    let mut found = 0;
    for _ in 0..arguments.pages {
        let page = black_box(arguments.form.page());
        found += match (arguments.reader, arguments.form) {
            (Reader::Facts, form) => facts(page, form, &labels)?,
            (Reader::Parser, Form::Html) => {
                let emitter = DefaultEmitter::<usize>::new_with_span();
                Tokenizer::new_with_emitter(page, emitter).count()
            }
            (Reader::Parser, _) => pulldown_cmark::Parser::new(page).into_offset_iter().count(),
        };
    }
    output::print_json(&found)
}

fn facts(page: &str, form: Form, labels: &Labels) -> Result<usize, Error> {
    let form = match form {
        Form::Text => source::Form::Text,
        Form::Markdown => source::Form::Markdown,
        Form::Html => source::Form::Html,
    };
    let page = source::read(page, form, labels).map_err(|error| Error::Setup {
        part: "page",
        source: error.into(),
    })?;
    Ok(page.facts.len())
}
