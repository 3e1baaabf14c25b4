//! Keys, locks, conditions and references of tables.

use selene_codegen::contract::{Constraint, Table, TruthType};

use super::operator::{Edit, Operator};
use super::subject::{Subject, path};

pub(super) const ALL: &[Operator] = &[
    Operator::new(
        "truth-type-flipped",
        "A ledger may change, or a current table may not.",
        truth_type_flipped,
    ),
    Operator::new(
        "primary-key-part-dropped",
        "Rows that differ in one part of the key are the same row.",
        primary_key_part_dropped,
    ),
    Operator::new("unique-key-dropped", "Several rows may share a unique key.", unique_key_dropped),
    Operator::new("column-fixed-dropped", "A column that never changes may.", |subject| {
        lists(subject, |constraint| &constraint.fixed, |constraint| &mut constraint.fixed)
    }),
    Operator::new("set-once-dropped", "A column that is set once may change.", |subject| {
        lists(subject, |constraint| &constraint.set_once, |constraint| &mut constraint.set_once)
    }),
    Operator::new("condition-dropped", "A condition need not hold for rows.", |subject| {
        lists(subject, |constraint| &constraint.checks, |constraint| &mut constraint.checks)
    }),
    Operator::new("counter-dropped", "A column need not count without a gap.", counter_dropped),
    Operator::new(
        "unique-where-dropped",
        "Several rows that a condition describes may share their columns.",
        unique_where_dropped,
    ),
    Operator::new("reference-dropped", "A column may name a row that does not exist.", reference_dropped),
];

/// One edit for each table for which there is one.
fn each(subject: &Subject, edit: impl Fn(usize, &Table) -> Vec<Edit>) -> Vec<Edit> {
    subject.tables().flat_map(|(index, table)| edit(index, table)).collect()
}

fn truth_type_flipped(subject: &Subject) -> Vec<Edit> {
    each(subject, |index, table| {
        let (new, change) = match table.truth_type {
            TruthType::Ledger => (TruthType::Current, "LEDGER becomes CURRENT"),
            TruthType::Current => (TruthType::Ledger, "CURRENT becomes LEDGER"),
        };
        vec![Edit::new(path(&["tables", &table.name, "truth_type"]), change, move |changed| {
            changed.contract_mut().tables[index].truth_type = new;
        })]
    })
}

fn primary_key_part_dropped(subject: &Subject) -> Vec<Edit> {
    each(subject, |index, table| {
        let parts = table.primary_key.iter().enumerate().filter(|_| table.primary_key.len() > 1);
        let edit = |(place, part): (usize, &String)| {
            let item = path(&["tables", &table.name, "primary_key"]);
            Edit::new(item, format!("without {part}"), move |changed| {
                changed.contract_mut().tables[index].primary_key.remove(place);
            })
        };
        parts.map(edit).collect()
    })
}

fn unique_key_dropped(subject: &Subject) -> Vec<Edit> {
    each(subject, |index, table| {
        let edit = |(place, key): (usize, &Vec<String>)| {
            let item = path(&["tables", &table.name, "unique_keys"]);
            Edit::new(item, format!("without ({})", key.join(", ")), move |changed| {
                changed.contract_mut().tables[index].unique_keys.remove(place);
            })
        };
        table.unique_keys.iter().enumerate().map(edit).collect()
    })
}

/// Drops each entry of a list of constraints.
fn lists(
    subject: &Subject,
    list: fn(&Constraint) -> &Vec<String>,
    list_mut: fn(&mut Constraint) -> &mut Vec<String>,
) -> Vec<Edit> {
    each(subject, |index, table| {
        let mut found = Vec::new();
        for (constraint, stated) in table.constraints.iter().enumerate() {
            for entry in list(stated) {
                let item = path(&["tables", &table.name, "constraints"]);
                let (dropped, change) = (entry.clone(), format!("without {entry}"));
                let edit = Edit::new(item, change, move |changed| {
                    let constraint = &mut changed.contract_mut().tables[index].constraints[constraint];
                    list_mut(constraint).retain(|entry| *entry != dropped);
                });
                found.push(edit.of(entry.clone()));
            }
        }
        found
    })
}

fn counter_dropped(subject: &Subject) -> Vec<Edit> {
    each(subject, |index, table| {
        let counters = table.constraints.iter().enumerate();
        let counters = counters.filter_map(|(place, constraint)| Some((place, constraint.counter.clone()?)));
        let edit = |(place, counter): (usize, String)| {
            let item = path(&["tables", &table.name, "constraints"]);
            Edit::new(item, format!("{counter} does not count"), move |changed| {
                changed.contract_mut().tables[index].constraints[place].counter = None;
            })
        };
        counters.map(edit).collect()
    })
}

fn unique_where_dropped(subject: &Subject) -> Vec<Edit> {
    each(subject, |index, table| {
        let stated = table.constraints.iter().enumerate();
        let stated =
            stated.filter_map(|(place, constraint)| Some((place, constraint.unique_where.as_ref()?)));
        let edit = |(place, unique): (usize, &selene_codegen::contract::Index)| {
            let item = path(&["tables", &table.name, "constraints"]);
            Edit::new(item, format!("without unique {}", unique.name), move |changed| {
                changed.contract_mut().tables[index].constraints[place].unique_where = None;
            })
        };
        stated.map(edit).collect()
    })
}

fn reference_dropped(subject: &Subject) -> Vec<Edit> {
    let keys = subject.contract().into_iter().flat_map(|contract| &contract.relations.foreign_keys);
    keys.map(|key| {
        let item = path(&["relations", "foreign_keys", &key.from]);
        let (from, to) = (key.from.clone(), key.to.clone());
        Edit::new(item, format!("without {to}"), move |changed| {
            let keys = &mut changed.contract_mut().relations.foreign_keys;
            keys.retain(|key| (&key.from, &key.to) != (&from, &to));
        })
    })
    .collect()
}
