//! The directions in which the values of each type are sent.

use spec_first_document::survey::Travels;

use super::model::Model;
use super::shapes::{Content, Definition, Shape};

/// Notes for each definition whether requests or responses contain it.
pub(super) fn spread(model: &mut Model) {
    let mut waiting: Vec<(usize, Travels)> = Vec::new();
    let used = std::mem::take(&mut model.used);
    for (shape, travels) in &used {
        waiting.extend(shape.named().map(|(index, _)| (index, *travels)));
    }
    while let Some((index, travels)) = waiting.pop() {
        let definition = &mut model.definitions[index];
        let known = definition.travels;
        definition.travels = Travels {
            request: known.request || travels.request,
            response: known.response || travels.response,
        };
        if definition.travels != known {
            waiting.extend(inside(&model.definitions, index, travels));
        }
    }
}

/// The definitions that a definition refers to, with the directions of these values.
fn inside(definitions: &[Definition], index: usize, travels: Travels) -> Vec<(usize, Travels)> {
    let to = |shape: &Shape, travels: Travels| shape.named().map(|(index, _)| (index, travels));
    match &definitions[index].content {
        Content::Struct(structure) => {
            let fields = structure.fields.iter().filter_map(|field| {
                let travels = Travels {
                    request: travels.request && !field.is_read_only,
                    response: travels.response && !field.is_write_only,
                };
                to(&field.shape, travels)
            });
            let additional = structure.additional.iter();
            fields
                .chain(additional.filter_map(|shape| to(shape, travels)))
                .collect()
        }
        Content::Union(union) => {
            // A value that is not listed is read as the text, so the enum beside it stays as the document has it.
            let takes_any_text = union
                .branches
                .iter()
                .any(|branch| branch.shape == Shape::Text);
            let branches = union.branches.iter();
            let branches = branches.filter_map(|branch| {
                let (index, travels) = to(&branch.shape, travels)?;
                let is_enum = matches!(definitions[index].content, Content::Enum(_));
                let travels = match is_enum && takes_any_text {
                    true => Travels::REQUEST,
                    false => travels,
                };
                Some((index, travels))
            });
            branches.collect()
        }
        Content::Newtype(shape) | Content::Alias(shape) => to(shape, travels).into_iter().collect(),
        Content::Enum(_) => Vec::new(),
    }
}
