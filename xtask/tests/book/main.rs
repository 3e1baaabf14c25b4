//! `cargo xtask book`: every link leads somewhere, everything has its place, foreign text stays text, and the same specs give the
//! same bytes.

#[path = "../common/mod.rs"]
mod common;
mod lines;
mod pictures;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use common::{Sandbox, workspace};
use selene_codegen::naming::without_schema;
use xtask::book::{self, Changed, Changes, File, Machine, Subject, read_machines};
use xtask::coverage::report::Report;
use xtask::diagnostics::Severity;
use xtask::lint::Rule;
use xtask::parse::Parsed;
use xtask::pipeline::{self, Run};
use xtask::read::Overlay;

/// What the specs say: as contracts, and as every page was read.
struct Specs {
    run: Run,
    parsed: Parsed,
}

fn read(specs: &Path, out: &Path) -> Specs {
    let is_wanted = |rule: &Rule| rule.code.severity == Severity::Error;
    let (run, parsed) = pipeline::run_over(specs, &Overlay::default(), out, &is_wanted);
    assert!(!run.diagnostics.has_errors());
    Specs { run, parsed }
}

/// The site of the workspace's own specs, with what they were made from.
struct Own {
    specs: Specs,
    machines: Vec<Machine>,
    files: Vec<File>,
}

/// It is made once for all tests that only look at it.
fn own() -> &'static Own {
    static OWN: OnceLock<Own> = OnceLock::new();
    OWN.get_or_init(made)
}

fn made() -> Own {
    let workspace = workspace();
    let specs = read(&workspace.join("specs"), &workspace.join("generated"));
    let report = Report::of(&specs.run, &workspace).expect("records can be read");
    let machines = read_machines(&workspace).expect("machines can be read");
    let Specs { run, parsed } = &specs;
    let files =
        book::site(Subject { run, parsed, report: Some(&report), machines: &machines, changes: None });
    Own { specs, machines, files }
}

fn site(Specs { run, parsed }: &Specs) -> Vec<File> {
    book::site(Subject { run, parsed, report: None, machines: &[], changes: None })
}

/// The value of every attribute of a name, wherever it stands in a tag.
fn attributes<'t>(html: &'t str, name: &str) -> Vec<&'t str> {
    let start = format!(" {name}=\"");
    html.match_indices(&start)
        .filter_map(|(at, found)| html[at + found.len()..].split_once('"').map(|(value, _)| value))
        .collect()
}

fn is_page(file: &File) -> bool {
    Path::new(&file.path).extension().is_some_and(|extension| extension == "html")
}

/// Every link and every id of a site: all links lead to a page and an id of it, and no id stands twice.
fn check_links(files: &[File]) -> usize {
    let ids: BTreeMap<&str, Vec<&str>> =
        files.iter().map(|file| (file.path.as_str(), attributes(&file.text, "id"))).collect();
    let mut count = 0;
    for file in files.iter().filter(|file| is_page(file)) {
        let own = &ids[file.path.as_str()];
        let distinct: BTreeSet<&&str> = own.iter().collect();
        assert_eq!(distinct.len(), own.len(), "{}: an id stands twice: {:?}", file.path, twice(own));
        for href in attributes(&file.text, "href").into_iter().chain(attributes(&file.text, "src")) {
            let (path, anchor) = href.split_once('#').unwrap_or((href, ""));
            let target = joined(&file.path, path);
            let known = ids.get(target.as_str());
            assert!(known.is_some(), "{}: `{href}` leads nowhere", file.path);
            assert!(
                anchor.is_empty() || known.unwrap().contains(&anchor),
                "{}: no such place: {href}",
                file.path
            );
            count += 1;
        }
    }
    count
}

fn twice<'t>(ids: &[&'t str]) -> Vec<&'t str> {
    let mut seen = BTreeSet::new();
    ids.iter().filter(|id| !seen.insert(**id)).copied().collect()
}

/// The page that a relative link of a page leads to.
fn joined(page: &str, link: &str) -> String {
    if link.is_empty() {
        return page.to_owned();
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        if part == ".." {
            parts.pop().expect("a link stays in the site");
        } else {
            parts.push(part);
        }
    }
    parts.join("/")
}

fn text<'f>(files: &'f [File], path: &str) -> &'f str {
    &files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("there is no {path}")).text
}

#[test]
fn every_link_leads_somewhere_and_no_id_stands_twice() {
    assert!(check_links(&own().files) > 5_000);
}

#[test]
fn everything_that_a_contract_states_has_its_place() {
    let Own { specs: Specs { run, .. }, machines, files } = own();
    let codes = attributes(text(files, "codes.html"), "id");
    let tests = attributes(text(files, "tests.html"), "id");
    for contract in &run.resolved.contracts {
        for one in &contract.capabilities {
            let page = text(files, &format!("capabilities/{}.html", one.id));
            let ids = attributes(page, "id");
            for field in one.input_fields() {
                assert!(ids.contains(&format!("input.{}", field.name).as_str()), "{}.{}", one.id, field.name);
            }
        }
        for table in &contract.tables {
            text(files, &format!("tables/{}.html", without_schema(&table.name)));
        }
        for code in &contract.reason_codes {
            assert!(codes.contains(&code.name.as_str()), "{}", code.name);
        }
        for test in &contract.acceptance_tests {
            assert!(tests.contains(&test.id.as_str()), "{}", test.id);
        }
    }
    assert!(machines.len() >= 6);
    let page = text(files, "machines.html");
    for machine in machines {
        assert!(attributes(page, "id").contains(&machine.table.as_str()), "{}", machine.title);
    }
}

#[test]
fn a_machine_names_states_and_calls_of_its_contract() {
    let Own { specs: Specs { run, .. }, machines, .. } = own();
    let calls: Vec<&str> =
        run.resolved.contracts.iter().flat_map(|one| &one.capabilities).map(|one| one.id.as_str()).collect();
    for machine in machines {
        let contract = run.resolved.contracts.iter().find(|one| one.engine.id == machine.engine).unwrap();
        let table = contract.tables.iter().find(|one| without_schema(&one.name) == machine.table).unwrap();
        assert!(table.columns.iter().any(|column| column.name == machine.column), "{}", machine.title);
        assert!(machine.moves.iter().all(|one| calls.contains(&one.call.as_str())), "{}", machine.title);
    }
}

#[test]
fn machines_and_their_moves_lead_to_lines_of_the_specs_and_back() {
    let Own { machines, files, .. } = own();
    let page = text(files, "machines.html");
    for machine in machines {
        let start = format!("id=\"{}\"", machine.table);
        let section = page.split_once(&start).unwrap().1.split("<section").next().unwrap();
        let (head, moves) = section.split_once("<tbody>").unwrap();
        let lines = |part: &'static str| -> Vec<&str> {
            attributes(part, "href").into_iter().filter(|href| href.starts_with("specs/")).collect()
        };
        // The type of the states and the column that holds them, and the call of every move.
        assert_eq!(lines(head).len(), 2, "{}", machine.title);
        assert_eq!(lines(moves).len(), machine.moves.len(), "{}", machine.title);
        for href in lines(head).into_iter().chain(lines(moves)) {
            let (path, line) = href.split_once('#').unwrap();
            let row = text(files, path).split_once(&format!("<tr id=\"{line}\"")).unwrap().1;
            let row = row.split_once("</tr>").unwrap().0;
            let back = format!("machines.html#{}\"", machine.table);
            assert!(row.contains(&back), "{href} does not lead back to {}", machine.title);
        }
    }
}

#[test]
fn the_same_specs_give_the_same_bytes() {
    assert!(made().files == own().files);
}

#[test]
fn every_fixture_without_a_finding_becomes_a_book() {
    let base = Sandbox::base();
    check_links(&site(&read(&base.specs(), &base.out())));
    let ten = Sandbox::ten_engines();
    check_links(&site(&read(&ten.specs(), &ten.out())));
    let rule = Sandbox::of_rule(Path::new("none"));
    check_links(&site(&read(&rule.specs(), &rule.out())));
}

#[test]
fn a_test_of_two_functions_has_an_entry_for_each() {
    let sandbox = Sandbox::of_rule(Path::new("none"));
    let function = "  - `at_t_db_01_note_is_kept`";
    sandbox.edit("db_wiring/PH1_T.md", function, &format!("{function}\n  - `at_t_db_01_note_is_kept_again`"));
    let files = site(&read(&sandbox.specs(), &sandbox.out()));
    check_links(&files);
    let page = &files.iter().find(|file| file.path == "tests.html").expect("the page of tests").text;
    for id in ["AT-T-DB-01", "AT-T-DB-01.at_t_db_01_note_is_kept_again"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
}

#[test]
fn foreign_text_stays_text() {
    let sandbox = Sandbox::base();
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)> \"quoted\" & 'more'";
    for folder in ["ecm", "db_wiring"] {
        for entry in fs::read_dir(sandbox.specs().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let mut changed = String::new();
            for line in text.lines() {
                let is_words = ["- `purpose`: ", "- `name`: "].iter().any(|start| line.starts_with(start));
                changed.push_str(line);
                changed.push_str(if is_words { evil } else { "" });
                changed.push('\n');
            }
            fs::write(&path, changed).unwrap();
        }
    }
    let Specs { run, parsed } = read(&sandbox.specs(), &sandbox.out());
    let changes = Changes {
        against: evil.to_owned(),
        summary: evil.to_owned(),
        notes: vec![evil.to_owned()],
        changed: vec![Changed {
            class: "addition",
            is_breaking: false,
            kind: "C0000",
            sentence: evil.to_owned(),
            items: vec![evil.to_owned()],
            to_do: "",
            acknowledged: Some(evil.to_owned()),
            old: Some((evil.to_owned(), evil.to_owned())),
            new: None,
        }],
    };
    let files = book::site(Subject {
        run: &run,
        parsed: &parsed,
        report: None,
        machines: &[],
        changes: Some(&changes),
    });
    assert!(check_links(&files) > 50);
    let mut escaped = 0;
    for file in files.iter().filter(|file| is_page(file)) {
        assert!(!file.text.contains("<script>"), "{}", file.path);
        assert!(!file.text.contains("<img"), "{}", file.path);
        escaped += file.text.matches("&lt;script&gt;alert(1)").count();
    }
    assert!(escaped > 10, "the text is shown {escaped} times");
    assert!(!text(&files, "search-index.js").contains("</script"), "a script ends within a text");
}

#[test]
fn without_a_record_a_book_says_so() {
    let sandbox = Sandbox::base();
    let files = site(&read(&sandbox.specs(), &sandbox.out()));
    assert!(text(&files, "tests.html").contains("No record of a run"));
    assert!(!text(&files, "tests.html").contains("mark good"));
}

/// What a build without a browser leaves out is printed, so that nobody takes it for passed.
#[cfg(not(feature = "browser"))]
#[test]
#[ignore = "THE BOOK IS NOT TESTED IN A BROWSER here: `cargo test -p xtask --features browser` opens it in Chromium"]
fn in_a_browser() {
    panic!("this build has no browser in it: `cargo test -p xtask --features browser` has");
}

/// Runs the command on a folder of specs.
fn book(specs: &Path, out: &Path) -> std::process::Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("book").arg("--specs").arg(specs).arg("--out").arg(out).output().expect("xtask starts")
}

#[test]
fn a_folder_is_written_again_and_only_what_a_book_wrote_is_deleted() {
    let sandbox = Sandbox::base();
    let out = sandbox.root().join("site");
    assert!(book(&sandbox.specs(), &out).status.success());
    let index = fs::read(out.join("index.html")).unwrap();
    // What an earlier book listed and this one does not write is deleted; what somebody else put there stays.
    fs::write(out.join("old.html"), "old").unwrap();
    fs::write(out.join("mine.html"), "mine").unwrap();
    let list = fs::read_to_string(out.join(".book-files")).unwrap();
    fs::write(out.join(".book-files"), format!("{list}old.html\n../outside.html\n")).unwrap();
    fs::write(sandbox.root().join("outside.html"), "outside").unwrap();
    assert!(book(&sandbox.specs(), &out).status.success());
    assert_eq!(fs::read(out.join("index.html")).unwrap(), index);
    assert!(!out.join("old.html").exists());
    assert!(out.join("mine.html").exists() && sandbox.root().join("outside.html").exists());
}

#[test]
fn a_folder_that_no_book_wrote_is_left_alone() {
    let sandbox = Sandbox::base();
    let out = sandbox.root().join("documents");
    fs::create_dir_all(&out).unwrap();
    fs::write(out.join("letter.txt"), "dear").unwrap();
    let refused = book(&sandbox.specs(), &out);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("holds files that no book wrote"));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
}
