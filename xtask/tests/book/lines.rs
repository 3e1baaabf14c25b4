//! Every line of the specs that states something leads to what it states, and that leads back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::common::workspace;
use super::{Own, Specs, attributes, joined, own, text};
use xtask::book::File;

/// What a stretch of a page is read as where it states nothing.
const WITHOUT_MEANING: [&str; 5] = ["mark", "key", "heading", "comment", "struck out"];
/// Keys of the lexicon and the register that only hold others.
const HOLDS_OTHERS: [&str; 2] = ["engines:", "refusals:"];

/// The pages of the specs, by their path below the folder of specs.
fn documents(files: &[File]) -> Vec<(&str, &File)> {
    files
        .iter()
        .filter_map(|file| Some((file.path.strip_prefix("specs/")?.strip_suffix(".html")?, file)))
        .collect()
}

/// The rows of a page of the specs, by the numbers of their lines.
fn rows(page: &str) -> BTreeMap<usize, &str> {
    let rows = page.split("<tr id=\"L").skip(1);
    rows.map(|row| {
        let (number, rest) = row.split_once('"').expect("an id ends");
        (number.parse().expect("a number of a line"), rest.split("</tr>").next().unwrap_or(rest))
    })
    .collect()
}

/// Where the items of a line lead.
fn items(row: &str) -> Vec<&str> {
    row.split("<a class=\"chip\"")
        .skip(1)
        .filter_map(|tag| attributes(tag, "href").first().copied())
        .collect()
}

/// Every line that states something, by the account that the parser gives of every byte of the pages.
fn stating(Specs { run, parsed }: &Specs) -> BTreeSet<(String, usize)> {
    let mut found = BTreeSet::new();
    for document in &parsed.documents {
        let source = run.sources.get(document.file);
        let has_meaning = |what: &str| !WITHOUT_MEANING.contains(&what) && !what.starts_with("diagnostic ");
        for stretch in document.stretches.iter().filter(|stretch| has_meaning(&stretch.read_as)) {
            let mut at = stretch.span.start;
            for part in source.text[stretch.span.start..stretch.span.end].split_inclusive('\n') {
                if part.contains(char::is_alphanumeric) {
                    found.insert((source.relative.clone(), source.position(at).line));
                }
                at += part.len();
            }
        }
    }
    for name in ["lexicon.yaml", "reason_codes.yaml"] {
        let text = fs::read_to_string(workspace().join("specs").join(name)).expect("a list");
        for (line, words) in (1..).zip(text.lines().map(str::trim)) {
            if !words.is_empty() && !words.starts_with('#') && !HOLDS_OTHERS.contains(&words) {
                found.insert((name.to_owned(), line));
            }
        }
    }
    found
}

#[test]
fn every_line_that_states_something_leads_to_it() {
    let Own { specs, files, .. } = own();
    let stating = stating(specs);
    assert!(stating.len() > 2_000, "{} lines state something", stating.len());
    let pages: BTreeMap<&str, BTreeMap<usize, &str>> =
        documents(files).into_iter().map(|(name, file)| (name, rows(&file.text))).collect();
    let is_bare = |(name, line): &&(String, usize)| items(pages[name.as_str()][line]).is_empty();
    let bare: Vec<&(String, usize)> = stating.iter().filter(is_bare).collect();
    assert!(bare.is_empty(), "{} of {} lead nowhere: {bare:#?}", bare.len(), stating.len());
}

#[test]
fn what_a_line_leads_to_leads_back_to_it() {
    let files = &own().files;
    let back: BTreeMap<&str, BTreeSet<String>> = files
        .iter()
        .map(|file| {
            let hrefs = attributes(&file.text, "href").into_iter().filter(|href| href.contains("specs/"));
            let whole = hrefs.filter_map(|href| {
                href.split_once('#').map(|(path, line)| format!("{}#{line}", joined(&file.path, path)))
            });
            (file.path.as_str(), whole.collect())
        })
        .collect();
    let mut count = 0;
    for (name, file) in documents(files) {
        for (line, row) in rows(&file.text) {
            for href in items(row) {
                let (page, anchor) = href.split_once('#').unwrap_or((href, ""));
                let page = joined(&file.path, page);
                let own = format!("{}#L{line}", file.path);
                assert!(
                    back[page.as_str()].contains(&own),
                    "{name}:{line} leads to {page}#{anchor}, which does not lead back"
                );
                if ["codes.html", "tests.html"].contains(&page.as_str()) {
                    let row =
                        text(files, &page).split_once(&format!("<tr id=\"{anchor}\"")).expect("an entry").1;
                    let row = row.split("</tr>").next().unwrap_or(row);
                    assert!(
                        row.contains(&format!("{own}\"")),
                        "{name}:{line} is not at the entry {anchor} of {page}"
                    );
                }
                count += 1;
            }
        }
    }
    assert!(count > 3_000, "{count} links");
}

/// Whether a name stands in words, and not as a part of a longer one.
fn names(words: &str, name: &str) -> bool {
    words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
}

#[test]
fn every_line_that_names_a_code_leads_to_it_and_stands_at_its_entry() {
    let Own { specs, files, .. } = own();
    let codes: Vec<&str> = specs
        .run
        .resolved
        .contracts
        .iter()
        .flat_map(|one| &one.reason_codes)
        .map(|code| code.name.as_str())
        .collect();
    let page = text(files, "codes.html");
    let mut count = 0;
    for (name, file) in documents(files) {
        let rows = rows(&file.text);
        let lines = fs::read_to_string(workspace().join("specs").join(name)).expect("a spec");
        for (line, words) in
            (1..).zip(lines.lines()).filter(|(_, words)| !words.trim_start().starts_with("# "))
        {
            for code in codes.iter().filter(|code| names(words, code)) {
                let href = format!("codes.html#{code}");
                assert!(
                    items(rows[&line]).iter().any(|item| item.ends_with(&href)),
                    "{name}:{line} names {code}"
                );
                let entry = page.split_once(&format!("<tr id=\"{code}\"")).expect("an entry").1;
                let entry = entry.split("</tr>").next().unwrap_or(entry);
                assert!(
                    entry.contains(&format!("specs/{name}.html#L{line}\"")),
                    "{code} does not lead to {name}:{line}"
                );
                count += 1;
            }
        }
    }
    assert!(count > 2 * codes.len(), "{count} lines for {} codes", codes.len());
}

/// The section of a page below the heading with this id.
fn section<'t>(page: &'t str, id: &str) -> Option<&'t str> {
    let (_, rest) = page.split_once(&format!("<h2 id=\"{id}\""))?;
    rest.split("</section>").next()
}

#[test]
fn every_part_of_a_capability_and_a_table_says_which_lines_state_it() {
    let Own { specs, files, .. } = own();
    let mut count = 0;
    for contract in &specs.run.resolved.contracts {
        for one in &contract.capabilities {
            let page = text(files, &format!("capabilities/{}.html", one.id));
            for key in one.audit.iter().flat_map(|rule| &rule.payload_keys) {
                let name = key.split(['?', '=']).next().unwrap_or(key);
                let entry = page.split_once(&format!("<li id=\"payload.{name}\"")).expect("an entry").1;
                let entry = entry.split("</li>").next().unwrap_or(entry);
                assert!(entry.contains("href=\"../specs/"), "{}: {key} of its payload has no line", one.id);
            }
            for part in ["input", "output", "gates", "same-call", "event"] {
                let Some(section) = section(page, part) else { continue };
                assert!(section.contains("href=\"../specs/"), "{}: {part} has no line", one.id);
                count += 1;
            }
        }
        for table in &contract.tables {
            let bare = selene_codegen::naming::without_schema(&table.name);
            let page = text(files, &format!("tables/{bare}.html"));
            for part in ["keys", "references", "invariants"] {
                let Some(section) = section(page, part) else { continue };
                let entries = section.split("<li").skip(1).filter(|entry| entry.contains("</li>"));
                for entry in entries {
                    assert!(entry.contains("href=\"../specs/"), "{bare}: {part}: {entry}");
                }
                assert!(section.contains("href=\"../specs/"), "{bare}: {part} has no line");
                count += 1;
            }
        }
    }
    assert!(count > 300, "{count} parts");
}

#[test]
fn every_line_of_the_specs_can_be_linked_and_leads_back() {
    let Own { files, .. } = own();
    for name in ["ecm/PH1_W.md", "db_wiring/PH1_W.md", "lexicon.yaml", "reason_codes.yaml"] {
        let lines = fs::read_to_string(workspace().join("specs").join(name)).unwrap().lines().count();
        let page = text(files, &format!("specs/{name}.html"));
        let ids = attributes(page, "id");
        assert!((1..=lines).all(|line| ids.contains(&format!("L{line}").as_str())), "{name}");
    }
    // The heading of a capability leads to its page, and that page to the heading.
    let specs = fs::read_to_string(workspace().join("specs/ecm/PH1_W.md")).unwrap();
    let id = "PH1W_ENROLL_START_DRAFT_ROW";
    let line = 1 + specs.lines().position(|line| line.starts_with('#') && line.contains(id)).unwrap();
    let page = text(files, "specs/ecm/PH1_W.md.html");
    let row = page.split_once(&format!("id=\"L{line}\"")).unwrap().1.split_once("</tr>").unwrap().0;
    assert!(row.contains(&format!("href=\"../../capabilities/{id}.html\"")), "{row}");
    let page = text(files, &format!("capabilities/{id}.html"));
    assert!(page.contains(&format!("href=\"../specs/ecm/PH1_W.md.html#L{line}\"")));
}

#[test]
fn the_line_of_a_field_of_a_record_leads_back_to_it() {
    let files = &own().files;
    let page = text(files, "types/ph1_w.html");
    let id = "WakeEnrollmentSessionRecord.pass_target";
    let row = page.split_once(&format!("id=\"{id}\"")).unwrap().1.split_once("</tr>").unwrap().0;
    let line = attributes(row, "href").into_iter().find(|href| href.contains("specs/")).unwrap();
    let (path, line) = line.split_once('#').unwrap();
    let row =
        text(files, &joined("types/ph1_w.html", path)).split_once(&format!("<tr id=\"{line}\"")).unwrap().1;
    let row = row.split_once("</tr>").unwrap().0;
    assert!(
        attributes(row, "href").iter().any(|href| href.ends_with(&format!("types/ph1_w.html#{id}"))),
        "{row}"
    );
}
