//! What the change does to the generated Rust: both clients are generated, and compared name by name.

use spec_first_codegen::{Origins, origins, surface};
use spec_first_review::{Surface, SurfaceChange, surface_changes};

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
                ..change
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

#[cfg(test)]
mod tests {
    /// What adding a field or a variant breaks depends on this: if generated types become non-exhaustive, it is minor.
    #[test]
    fn generated_types_are_exhaustive_and_their_fields_public() {
        let document = "
openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list_pets
      responses: {'200': {description: A pet, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}}}
    Kind: {type: string, enum: [cat, dog]}
";
        let rust = spec_first_codegen::generate("pets.yaml", document).unwrap();
        assert!(!rust.contains("non_exhaustive"), "{rust}");
        let surface = spec_first_codegen::surface("pets.yaml", document).unwrap();
        for name in [
            "field types::Pet.kind: ",
            "field types::Pet.name: ",
            "variant types::Kind::Cat",
        ] {
            assert!(surface.contains(&format!("\nrust {name}")), "{surface}");
        }
    }
}
