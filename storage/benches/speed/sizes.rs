//! The same work in small and large tables: how much slower it becomes, here and by plain statements.

use crate::arguments::{CALLS, Extent};
use crate::bed::Template;
use crate::commits::plain;
use crate::raw::Chain;
use crate::reads::{
    Earlier, Payload, by_chain_raw, by_chain_store, by_key_raw, by_key_store, replay_raw, replay_store,
};
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed};
use crate::store::Ours;

/// Whether growth is compared with that of plain statements or with none at all.
#[derive(Clone, Copy)]
enum Against {
    Raw,
    Standstill,
}

/// Growth from the first size to each other one.
pub fn measure(templates: &[Template], extent: Extent) -> Vec<Line> {
    let count = CALLS / 2;
    let mut lines = Vec::new();
    lines.extend(grow("commits of 1 caller", templates, extent, Against::Raw, |template, name| {
        let mut ours = Ours::new(template.store(name), template.events);
        let raw = template.raw(&format!("{name}-raw"), Chain::Hashed);
        [Contestant::new(count, move || ours.commit_from(1, count)), plain(raw, template.events, count, 1)]
    }));
    lines.extend(grow("tickets of 100", templates, extent, Against::Raw, |template, name| {
        let mut ours = Ours::new(template.store(name), template.events);
        let raw = template.raw(&format!("{name}-raw"), Chain::Hashed);
        [
            Contestant::new(count, move || ours.commit_tickets(100, count)),
            plain(raw, template.events, count, 100),
        ]
    }));
    let beds: Vec<_> = templates
        .iter()
        .map(|template| {
            let ours = Ours::new(template.store("grown"), template.events);
            (ours, template.raw("grown-raw", Chain::Hashed), template.events)
        })
        .collect();
    for (case, earlier) in [("replay of a late call", Earlier::Late), ("replay of any call", Earlier::Any)] {
        let pairs = beds.iter().map(|(ours, raw, events)| {
            let store = replay_store(ours, earlier, *events, count * 2);
            (*events, [store, replay_raw(raw, earlier, *events, count * 2)])
        });
        lines.extend(compare(case, extent, Against::Standstill, pairs.collect()));
    }
    lines.extend(compare(
        "read by key",
        extent,
        Against::Raw,
        beds.iter()
            .map(|(ours, raw, events)| (*events, [by_key_store(ours, count * 8), by_key_raw(raw, count * 8)]))
            .collect(),
    ));
    lines.extend(compare(
        "100 events by correlation",
        extent,
        Against::Raw,
        beds.iter()
            .map(|(ours, raw, events)| {
                (
                    *events,
                    [
                        by_chain_store(ours, *events, count / 8),
                        by_chain_raw(raw, *events, count / 8, Payload::Parsed),
                    ],
                )
            })
            .collect(),
    ));
    lines
}

fn grow<'a>(
    case: &str,
    templates: &[Template],
    extent: Extent,
    against: Against,
    pair: impl Fn(&Template, &str) -> [Contestant<'a>; 2],
) -> Vec<Line> {
    let name = format!("grow-{}", case.replace(' ', "-"));
    let pairs = templates.iter().map(|template| (template.events, pair(template, &name))).collect();
    compare(case, extent, against, pairs)
}

fn compare(
    case: &str,
    extent: Extent,
    against: Against,
    pairs: Vec<(usize, [Contestant<'_>; 2])>,
) -> Vec<Line> {
    let (sizes, pairs): (Vec<usize>, Vec<_>) = pairs.into_iter().unzip();
    let mut contestants: Vec<Contestant<'_>> = pairs.into_iter().flatten().collect();
    rounds::run(&mut contestants, extent.rounds());
    let mut lines = Vec::new();
    for (index, size) in sizes.iter().enumerate().skip(1) {
        let ours = 1.0 / speed(&contestants[2 * index], &contestants[0]);
        let raw = 1.0 / speed(&contestants[2 * index + 1], &contestants[1]);
        // Two ratios of medians: a difference of a twentieth is noise.
        let aim = match against {
            Against::Raw => Aim::AtMost((raw * 1.05 * 100.0).round() / 100.0),
            Against::Standstill => Aim::AtMost(1.05),
        };
        let figures = (contestants[2 * index].nanoseconds(), contestants[2 * index + 1].nanoseconds());
        let case = format!("{case}: growth from {} to {size} rows (raw: {raw:.2})", sizes[0]);
        lines.push(Line::new(case, aim, ours, figures.0, figures.1));
    }
    lines
}
