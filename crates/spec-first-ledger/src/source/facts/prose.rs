//! Prose: a few facts are recognized by the words in the label files.

use std::collections::HashSet;

use serde_json::Value;

use super::notation::values;
use super::reader::Reader;
use super::reasons::reason;
use super::statuses::status;
use crate::source::labels::{Label, Words, contains, normalize};
use crate::source::values;

/// The maximum length of a label such as `Example:`, in bytes.
const LONGEST_LABEL: usize = 80;

impl Reader<'_> {
    /// Reads a line of prose, and keeps it.
    pub(super) fn prose(&mut self, text: &str, number: u32) {
        let (sentences, mut labelled) = self.split_at_label(text);
        while let Some((label, text)) = labelled {
            let (value, next) = self.split_at_label(text);
            self.label_within(label, value.trim(), number);
            labelled = next;
        }
        let sentences = sentences.trim();
        if let Some(mark) = self.take_note() {
            self.sentences(sentences, number);
            self.state("note", &values::digest(sentences), mark.into(), number);
            self.keep_text(sentences, number, true);
        } else {
            self.say(sentences, number);
        }
        if let Some(field) = &mut self.field {
            field.paragraphs += 1;
        }
    }

    fn keep_text(&mut self, text: &str, number: u32, is_understood: bool) {
        if !text.is_empty() {
            self.keep(text, number, is_understood);
        }
    }

    /// States what the sentences say, and keeps them: apart, if only some are understood.
    pub(super) fn say(&mut self, text: &str, number: u32) {
        let (read, unread) = self.sentences(text, number);
        if read.is_empty() || unread.is_empty() {
            return self.keep_text(text, number, unread.is_empty());
        }
        self.keep_text(&read.join(" "), number, true);
        self.keep_text(&unread.join(" "), number, false);
    }

    /// States what the sentences say; returns those that were understood, and the others.
    fn sentences<'t>(&mut self, text: &'t str, number: u32) -> (Vec<&'t str>, Vec<&'t str>) {
        let mut found: Vec<(&str, String, Value)> = Vec::new();
        let mut rules: Vec<String> = Vec::new();
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for sentence in sentences(text) {
            let before = (found.len(), rules.len());
            self.sentence(sentence, &mut found, &mut rules);
            match before == (found.len(), rules.len()) {
                true => unread.push(sentence),
                false => read.push(sentence),
            }
        }
        if let Some(field) = &self.field
            && !rules.is_empty()
        {
            rules.sort_unstable();
            rules.dedup();
            found.push(("constraint", field.name.clone(), rules.join(", ").into()));
        }
        found.sort_by(|(a, b, _), (c, d, _)| (a, b).cmp(&(c, d)));
        found.dedup();
        for (kind, name, value) in found {
            match kind {
                "status" => self.state_status(&name, value.as_str(), number),
                _ => self.state(kind, &name, value, number),
            }
        }
        (read, unread)
    }

    /// Finds what a sentence says: facts, and rules of the field.
    fn sentence(
        &self,
        text: &str,
        found: &mut Vec<(&'static str, String, Value)>,
        rules: &mut Vec<String>,
    ) {
        let labels = self.labels;
        let words = text.split_whitespace().filter(|word| !word.contains("://"));
        let sentence = normalize(&words.collect::<Vec<_>>().join(" "));
        let page = self.page.language.as_deref();
        let has = |text: &str, list| labels.has_any(text, page, list);
        let is_denied = |text: &str| {
            has(text, |language| &language.negations) || has(text, |language| &language.withdrawals)
        };
        let languages = || labels.languages.iter();
        // A statement such as `cannot be undone` may contain a negation, as long as no other word negates it.
        let says = |words: &[String]| {
            let mut words = words.iter().filter(|words| contains(&sentence, words));
            words.any(|words| !is_denied(&sentence.replace(words.as_str(), " ")))
        };
        let is_conditional = || has(&sentence, |language| &language.conditions);
        let patterns = languages().flat_map(|language| &language.header_mentions);
        let mut credentials: Vec<&str> = patterns
            .flat_map(|pattern| mentioned(&sentence, pattern))
            .filter(|name| is_credential(name))
            .collect();
        credentials.sort_unstable();
        credentials.dedup();
        if !credentials.is_empty() {
            let glued = glued(text);
            credentials.retain(|name| !is_glued(name) && !glued.contains(*name));
        }
        let is_about_credentials =
            || !credentials.is_empty() || has(&sentence, |language| &language.credentials);
        let statements = languages().flat_map(|language| &language.statements);
        let statements = statements.filter(|each| {
            let is_of_credentials = matches!(each.kind.as_str(), "applies-to" | "belongs-to");
            says(&each.words) && !is_conditional() && (!is_of_credentials || is_about_credentials())
        });
        let stated = |each: &Words| ("statement", each.kind.clone(), each.value.clone());
        found.extend(statements.map(stated));
        let mut others = self.scheme(&sentence, &credentials);
        let names = credentials.into_iter();
        others.extend(names.map(|name| ("credential", name.to_owned(), "header".into())));
        let field = self.field.as_ref();
        let holder = field.filter(|_| self.section == "authorizations");
        if let (Some(field), Some(pair)) = (holder, holder.and_then(|_| pair(text))) {
            others.push(("pair", field.name.to_lowercase(), pair.into()));
        }
        let returns = languages().flat_map(|language| &language.returns);
        let returns = returns.filter(|_| !self.is_schema);
        let returned = returns.filter_map(|pattern| returned(&sentence, pattern));
        let returned: Vec<_> = returned.filter(|_| !is_conditional()).collect();
        // A reason may contain a negation, as in `204 No Content`.
        let reasons = returned.iter().map(|(_, reason)| reason.to_lowercase());
        let said = reasons.fold(sentence.clone(), |said, reason| said.replace(&reason, " "));
        let stated = |(code, reason): (&str, &str)| ("status", code.to_owned(), reason.into());
        others.extend(returned.into_iter().map(stated));
        if !others.is_empty() && !is_denied(&said) {
            found.extend(others);
        }
        let is_first = field.is_some_and(|field| field.paragraphs == 0);
        if let Some(field) = field.filter(|_| is_first) {
            found.extend(self.mark_of(text, &field.name));
        }
        let constraints = languages().flat_map(|language| &language.constraints);
        let constraints = constraints.filter(|each| {
            is_first
                && says(&each.words)
                && !is_conditional()
                && !has(&sentence, |language| &language.hedges)
        });
        rules.extend(constraints.map(|each| each.value.clone()));
    }

    /// What a whole sentence says about a field: `Optional.`, a default such as `Defaults to 20.`, or a value in quotes, as in
    /// `Must be "template".`
    fn mark_of(&self, text: &str, name: &str) -> Option<(&'static str, String, Value)> {
        let sentence = text.trim_end_matches('.');
        let plain = normalize(sentence);
        let labels = self.labels;
        let is_required = labels.is_any(&plain, |language| &language.required);
        if is_required || labels.is_any(&plain, |language| &language.optional) {
            return Some(("required", name.to_owned(), is_required.into()));
        }
        if let Some((words, value)) = sentence.rsplit_once(' ')
            && labels.is_any(&normalize(words), |language| &language.defaults)
            && serde_json::from_str::<Value>(value).is_ok()
        {
            return Some(("default", name.to_owned(), self.literal(value)));
        }
        let (words, value) = sentence.split_once(['"', '“'])?;
        let value = value.strip_suffix(['"', '”'])?;
        let is_value = !value.is_empty() && !value.contains(['"', '“', '”', ' ']);
        let is_fixed = is_value && labels.is_any(&normalize(words), |language| &language.fixed);
        is_fixed.then(|| ("enum", name.to_owned(), vec![value].into()))
    }

    /// The scheme of the credential that a section is about.
    fn scheme(&self, sentence: &str, credentials: &[&str]) -> Vec<(&'static str, String, Value)> {
        let name = match (self.section.as_str(), &self.field) {
            ("authorizations", Some(field)) => field.name.to_lowercase(),
            // Other headers may have tokens of their own.
            ("authentication", None) if matches!(credentials, [] | ["authorization"]) => {
                "authorization".to_owned()
            }
            _ => return Vec::new(),
        };
        let schemes = self.labels.layout.schemes.iter();
        let schemes =
            schemes.filter(|(_, words)| words.iter().any(|each| contains(sentence, each)));
        let schemes: Vec<&String> = schemes.map(|(scheme, _)| scheme).collect();
        match schemes[..] {
            [scheme] => vec![("scheme", name, scheme.as_str().into())],
            _ => Vec::new(),
        }
    }

    /// Splits a line at a label such as `Example:` that follows a sentence.
    fn split_at_label<'t>(&self, text: &'t str) -> (&'t str, Option<(Label, &'t str)>) {
        if self.field.is_none() {
            return (text, None);
        }
        for (colon, _) in text.match_indices(':') {
            let mut window = colon.saturating_sub(LONGEST_LABEL);
            window += (0..4)
                .find(|at| text.is_char_boundary(window + at))
                .unwrap_or_default();
            let end = text[window..colon].rfind(['.', '!', '?', ')', '|']);
            let Some(start) = end.map(|at| window + at + 1).or((window == 0).then_some(0)) else {
                continue;
            };
            let before = &text[..colon];
            if let Some(label) = self.labels.label(&normalize(&before[start..])) {
                return (&text[..start], Some((label, text[colon + 1..].trim())));
            }
        }
        (text, None)
    }

    /// States the value of a label, or keeps its text.
    fn label_within(&mut self, label: Label, mut value: &str, number: u32) {
        let Some(name) = self.field.as_ref().map(|field| field.name.clone()) else {
            return;
        };
        // Sentences may follow a single value.
        if let Some((first, rest)) = value.split_once(". ").filter(|(first, _)| {
            let is_value = matches!(label, Label::Example | Label::Default);
            is_value && !first.is_empty() && !first.contains(' ')
        }) {
            self.say(rest.trim(), number);
            value = first;
        }
        let plain = value.trim_end_matches('.').trim_matches('`');
        let is_json = plain.starts_with(['{', '[']) && serde_json::from_str::<Value>(plain).is_ok();
        let is_single = !plain.is_empty() && !value.trim_matches(['`', '"']).contains(' ');
        let items = values(value, self.labels).filter(|_| label == Label::Options);
        match (label, items) {
            (_, Some(items)) => {
                let items: Vec<Value> = items.into_iter().map(|item| self.option(item)).collect();
                self.state("enum", &name, items.into(), number);
            }
            (Label::Example | Label::Default, _) if is_json || is_single => {
                let kind = if label == Label::Default {
                    "default"
                } else {
                    "example"
                };
                let text = if is_json { plain } else { value };
                if !self.state_value(kind, &name, text, number) {
                    self.keep(value, number, false);
                }
            }
            _ if value.is_empty() => {}
            _ => self.keep(value, number, false),
        }
    }
}

/// The sentences of a text.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let signs = rest.match_indices(['.', ';', '!', '?']);
        let mut ends = signs.map(|(at, sign)| at + sign.len());
        let end = ends.find(|at| rest[*at..].starts_with(char::is_whitespace));
        let end = end.unwrap_or(rest.len());
        let (sentence, left) = rest.split_at(end);
        rest = left.trim_start();
        Some(sentence.trim()).filter(|sentence| !sentence.is_empty())
    })
}

/// The words that match `{}` in a pattern.
fn mentioned<'a>(sentence: &'a str, pattern: &str) -> Vec<&'a str> {
    let Some((before, after)) = pattern.split_once("{}") else {
        return Vec::new();
    };
    let words = sentence.match_indices(if before.is_empty() { after } else { before });
    let word = words.filter_map(|(at, found)| match before.is_empty() {
        true => sentence[..at].split_whitespace().next_back(),
        false => sentence[at + found.len()..].split_whitespace().next(),
    });
    word.map(|word| word.trim_matches(|sign: char| !sign.is_ascii_alphanumeric()))
        .collect()
}

/// The status that a sentence says is returned, with its reason.
fn returned<'a>(sentence: &'a str, pattern: &str) -> Option<(&'a str, &'static str)> {
    let (before, _) = pattern.split_once("{}")?;
    let start = sentence.find(before).filter(|start| {
        let above = sentence[..*start].chars().next_back();
        above.is_none_or(char::is_whitespace)
    })?;
    let rest = sentence[start + before.len()..].trim_start_matches('`');
    let (code, rest) = status(rest)?;
    let (reason, _) = reason(rest.trim_start_matches(['`', ' ', '-', '–', ':', '(']))?;
    let known = http::StatusCode::from_bytes(code.as_bytes()).ok()?;
    (known.canonical_reason() == Some(reason)).then_some((code, reason))
}

/// Whether a header with this name carries a credential.
fn is_credential(name: &str) -> bool {
    let is_part = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
    };
    // Words such as `token` are ordinary prose.
    let is_name = name.contains('-') || matches!(name, "authorization" | "apikey");
    name.chars().all(is_part) && is_name && values::is_credential(name)
}

/// Whether a header name is glued to a word that ends with its `x`, as in `thex-api-key`.
fn is_glued(name: &str) -> bool {
    let first = name.split('-').next().unwrap_or_default();
    first.len() > 1 && first.ends_with('x')
}

/// The words that are glued to the word before them, as in `theX-Api-Key`, in lower case.
fn glued(text: &str) -> HashSet<String> {
    let words = text.split_whitespace();
    let words = words.map(|word| word.trim_matches(|sign: char| !sign.is_ascii_alphanumeric()));
    let has_capital_within = |word: &&str| {
        let mut pairs = word.chars().zip(word.chars().skip(1));
        pairs.any(|(before, after)| before.is_lowercase() && after.is_uppercase())
    };
    words
        .filter(has_capital_within)
        .map(str::to_lowercase)
        .collect()
}

/// Two names separated by a colon, such as `clientId:clientSecret`.
fn pair(text: &str) -> Option<&str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|character: char| !character.is_alphanumeric()))
        .find(|word| {
            word.split_once(':').is_some_and(|(user, secret)| {
                let is_name = |name: &str| {
                    !name.is_empty()
                        && name.chars().all(|character| {
                            character.is_ascii_alphanumeric() || "_-".contains(character)
                        })
                };
                is_name(user) && is_name(secret)
            })
        })
}
