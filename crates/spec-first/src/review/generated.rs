//! What the change does to the generated Rust: both clients are generated, and compared name by name.

use spec_first_codegen::{Origins, origins, surface, surface_changes};
use spec_first_review::{Step, Surface, SurfaceChange};

use crate::Error;
use crate::sources::Source;

/// The surfaces of both documents, as texts and as what differs.
pub(super) struct Surfaces {
    /// Both texts; `None` where they were not compared.
    pub(super) texts: Option<[String; 2]>,
    /// What differs, or why nobody knows.
    pub(super) compared: Surface,
}

impl Surfaces {
    /// Generates from both documents, not from what is checked in, which may be stale.
    pub(super) fn of(base: &Source, head: &Source) -> Result<Self, Error> {
        let (old, new) = match (generate("base", base)?, generate("head", head)?) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(why), _) | (_, Err(why)) => return Ok(Self::not_known(why)),
        };
        let changes = surface_changes(&old.surface, &new.surface);
        let changes = changes.into_iter().map(|change| {
            let places = |origins: &Origins, line: &Option<String>| {
                let line = line.as_deref().unwrap_or_default();
                origins.of(line).to_vec()
            };
            SurfaceChange {
                base: places(&old.origins, &change.old),
                head: places(&new.origins, &change.new),
                old: change.old,
                new: change.new,
                step: step(change.step),
                why: change.why.to_owned(),
            }
        });
        Ok(Self {
            compared: Surface::compared(changes),
            texts: Some([old.surface, new.surface]),
        })
    }

    /// The surfaces of a document from which no client is generated.
    pub(super) fn not_generated() -> Self {
        Self {
            texts: None,
            compared: Surface::NotGenerated,
        }
    }

    fn not_known(why: String) -> Self {
        Self {
            texts: None,
            compared: Surface::NotKnown { why },
        }
    }
}

/// The surface of one client, with where each line of it comes from.
struct Generated {
    surface: String,
    origins: Origins,
}

/// What is generated from a document, or why nothing is.
fn generate(role: &str, source: &Source) -> Result<Result<Generated, String>, Error> {
    let text = source.read()?;
    let generated = surface(&source.path, &text).and_then(|surface| {
        let origins = origins(&source.path, &text)?;
        Ok(Generated { surface, origins })
    });
    Ok(generated.map_err(|error| {
        let error = error.to_string();
        let first = error.lines().next().unwrap_or_default();
        format!("nothing can be generated from the {role}: {first}")
    }))
}

fn step(step: spec_first_codegen::Step) -> Step {
    match step {
        spec_first_codegen::Step::Patch => Step::Patch,
        spec_first_codegen::Step::Minor => Step::Minor,
        spec_first_codegen::Step::Major => Step::Major,
    }
}
