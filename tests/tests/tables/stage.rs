//! A call in a state: what it answers as the text of a cell, and the check that it changed rows only where it says so.

use std::collections::BTreeMap;

use selene_acceptance::{Backend, World};
use selene_contracts::{Committed, StorageError};
use selene_storage::test_support::TableRows;

use crate::text::table;

/// A store that was brought into a state.
pub trait Scene {
    /// The backend under test.
    type Store: Backend;

    /// The store, with the people in it.
    fn world(&self) -> &World<Self::Store>;
}

/// A state to try calls in. Its scene is made again only after rows were changed in it.
pub struct Stage<'a, S> {
    make: Box<dyn Fn() -> S + 'a>,
    scene: Option<S>,
}

impl<'a, S: Scene> Stage<'a, S> {
    /// A state that `make` leads to.
    pub fn new(make: impl Fn() -> S + 'a) -> Self {
        Self { make: Box::new(make), scene: None }
    }

    /// The scene, in its state.
    pub fn scene(&mut self) -> &S {
        self.scene.get_or_insert_with(&self.make)
    }

    /// Makes one call and gives its cell. The call changes rows where the cell begins with `->`, and nowhere else.
    pub fn attempt(&mut self, column: &Column<S>) -> String {
        let scene = self.scene();
        if let Some(before) = column.before {
            before(scene);
        }
        let rows = every_row(scene);
        let answer = (column.call)(scene);
        let is_changed = every_row(scene) != rows;
        assert_eq!(answer.starts_with("->"), is_changed, "{}: {answer}", column.name);
        if is_changed || column.before.is_some() {
            self.scene = None;
        }
        answer
    }
}

fn every_row(scene: &impl Scene) -> BTreeMap<String, TableRows> {
    scene.world().store().every_row().expect("the store is read")
}

/// A call under a name, and what is done before it.
pub struct Column<S> {
    /// The head of the column.
    pub name: &'static str,
    before: Option<fn(&S)>,
    call: Box<dyn Fn(&S) -> String>,
}

impl<S> Column<S> {
    /// A column of one call, made in the state of each row.
    pub fn new(name: &'static str, call: impl Fn(&S) -> String + 'static) -> Self {
        Self { name, before: None, call: Box::new(call) }
    }

    /// The same after something that changes the state.
    pub fn after(self, before: fn(&S)) -> Self {
        Self { before: Some(before), ..self }
    }
}

/// The text of an answer: `-> ` and what was applied, `replayed`, or the code of the refusal.
pub fn cell<T>(answer: Result<Committed<T>, StorageError>, applied: impl FnOnce(&T) -> String) -> String {
    match answer {
        Ok(committed) if committed.is_applied() => format!("-> {}", applied(&committed.value)),
        Ok(_) => "replayed".to_owned(),
        Err(error) => error.reason_code().to_string(),
    }
}

/// The table of one capability: a line for each state, which begins with its `cells`, and a column for each call.
pub fn section<'s, 'a: 's, S: Scene + 's>(
    capability: &str,
    head: &[&str],
    lines: impl Iterator<Item = (Vec<String>, &'s mut Stage<'a, S>)>,
    columns: &[Column<S>],
) -> String {
    let names = columns.iter().map(|column| format!("| {}", column.name));
    let mut rows: Vec<Vec<String>> = vec![head.iter().map(ToString::to_string).chain(names).collect()];
    for (mut row, stage) in lines {
        row.extend(columns.iter().map(|column| format!("| {}", stage.attempt(column))));
        rows.push(row);
    }
    format!("{capability}\n{}", table(&rows).trim_end())
}
