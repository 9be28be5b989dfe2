//! Which values are kept in a box: those that contain their own type, and those that are large. A type that contains large ones
//! in place is moved by the kilobyte while it is read, and a few levels of them fill the stack of a thread.

use std::collections::HashSet;

use super::model::Model;
use super::shapes::{Content, Definition, Shape};

/// The size in bytes above which a value is not kept in place.
const LARGE: usize = 1024;

/// The size of a reference, and of what is not known better.
const POINTER: usize = 8;

/// The size of a map.
const MAP: usize = 48;

/// Marks the branches of unions that lead back to their union without a list or a map in between. typify finds the
/// recursion of structs by itself, but does not see the unions.
pub(super) fn find_recursion(model: &mut Model) {
    let direct = all_directly_inside(&model.definitions);
    let leads_to = |from: usize, to: usize| {
        let mut reached = HashSet::new();
        let mut open = vec![from];
        while let Some(index) = open.pop() {
            if index == to {
                return true;
            }
            if reached.insert(index) {
                open.extend(&direct[index]);
            }
        }
        false
    };
    for index in 0..model.definitions.len() {
        if let Content::Union(union) = &mut model.definitions[index].content {
            for branch in &mut union.branches {
                if let Some((target, true)) = branch.shape.named() {
                    branch.is_boxed = leads_to(target, index);
                }
            }
        }
    }
}

/// Marks the fields of structs and the branches of unions whose type is large.
pub(super) fn find_large(model: &mut Model) {
    let direct = all_directly_inside(&model.definitions);
    let mut sizes: Vec<Option<usize>> = vec![None; direct.len()];
    let mut is_open = vec![false; direct.len()];
    // What is inside comes first. A type that is still open contains itself, so there is a box in between.
    let mut waiting: Vec<usize> = (0..direct.len()).collect();
    while let Some(&index) = waiting.last() {
        if is_open[index] {
            waiting.pop();
            if sizes[index].is_none() {
                sizes[index] = Some(measure(&mut model.definitions[index].content, &sizes));
            }
        } else {
            is_open[index] = true;
            waiting.extend(direct[index].iter().filter(|inside| !is_open[**inside]));
        }
    }
}

/// The size of a value, after its large parts have been marked.
fn measure(content: &mut Content, sizes: &[Option<usize>]) -> usize {
    let in_place = |shape: &Shape, is_boxed: &mut bool| {
        let size = size(shape, sizes);
        *is_boxed |= size > LARGE;
        if *is_boxed { POINTER } else { size }
    };
    match content {
        Content::Struct(structure) => {
            let fields = structure.fields.iter_mut();
            let fields = fields.map(|field| in_place(&field.shape, &mut field.is_boxed));
            fields.sum::<usize>() + structure.additional.as_ref().map_or(0, |_| MAP)
        }
        Content::Union(union) => {
            let branches = union.branches.iter_mut();
            let branches = branches.map(|branch| in_place(&branch.shape, &mut branch.is_boxed));
            branches.max().unwrap_or_default() + POINTER
        }
        Content::Newtype(shape) | Content::Alias(shape) => size(shape, sizes),
        Content::Enum(_) => size(&Shape::Text, sizes),
    }
}

/// About how many bytes a value has in place, on a machine of 64 bits.
fn size(shape: &Shape, sizes: &[Option<usize>]) -> usize {
    match shape {
        Shape::Named(index) => sizes[*index].unwrap_or(POINTER),
        Shape::Nullable(inner) => size(inner, sizes),
        Shape::Boolean => 1,
        Shape::Integer | Shape::Unsigned | Shape::Number => 16,
        Shape::Text | Shape::List(_) | Shape::Secret | Shape::Timestamp | Shape::Replaced(_) => 24,
        Shape::Any => 32,
        Shape::Map(_) => MAP,
    }
}

fn all_directly_inside(definitions: &[Definition]) -> Vec<Vec<usize>> {
    definitions.iter().map(directly_inside).collect()
}

fn directly_inside(definition: &Definition) -> Vec<usize> {
    let direct = |shape: &Shape| {
        let (index, is_direct) = shape.named()?;
        is_direct.then_some(index)
    };
    match &definition.content {
        Content::Struct(structure) => {
            let fields = structure.fields.iter();
            fields.filter_map(|field| direct(&field.shape)).collect()
        }
        Content::Union(union) => {
            let branches = union.branches.iter();
            branches
                .filter_map(|branch| direct(&branch.shape))
                .collect()
        }
        Content::Newtype(shape) | Content::Alias(shape) => direct(shape).into_iter().collect(),
        Content::Enum(_) => Vec::new(),
    }
}
