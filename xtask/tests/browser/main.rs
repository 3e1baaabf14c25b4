//! The book in headless Chromium: pages load without a complaint, pictures are there, the search finds, and nothing is too wide.
//!
//! With the feature `browser` only, because it needs Chromium. Without one the tests fail and say what to install.

mod devtools;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use devtools::Browser;
use serde_json::json;
use tempfile::TempDir;

/// A narrow telephone, in pixels.
const NARROW: (u32, u32) = (360, 740);
const WIDE: (u32, u32) = (1_280, 900);
/// A telephone, a tablet, a small and a large screen.
const WIDTHS: [u32; 4] = [NARROW.0, 768, WIDE.0, 1_920];

/// The book of the workspace, written by the program itself.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let written =
            Command::new(env!("CARGO_BIN_EXE_xtask")).args(["book", "--out"]).arg(folder.path()).output();
        let written = written.expect("xtask starts");
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        Self(folder)
    }

    fn page(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Every page, by path.
    fn pages(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect(self.0.path(), &mut found);
        found.sort();
        found
    }
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "html") {
            found.push(path);
        }
    }
}

#[test]
fn every_page_loads_without_a_complaint_has_its_pictures_and_fits_a_telephone() {
    let site = Site::new();
    let mut browser = Browser::start();
    let pages = site.pages();
    assert!(pages.len() > 100, "{} pages", pages.len());
    browser.resize(NARROW.0, NARROW.1);
    let mut pictures = 0;
    for page in &pages {
        browser.open(page);
        let problems = browser.problems();
        assert!(problems.is_empty(), "{}: {problems:?}", page.display());
        let seen = browser.ask(
            "(() => {
                const root = document.documentElement;
                const empty = [...document.querySelectorAll('svg.graph')].filter((svg) => {
                    const box = svg.getBBox();
                    return box.width < 40 || box.height < 20 || svg.querySelectorAll('.node').length === 0;
                });
                return {
                    title: document.querySelector('h1').textContent.length,
                    tooWide: root.scrollWidth - root.clientWidth,
                    pictures: document.querySelectorAll('svg.graph').length,
                    empty: empty.length,
                };
            })()",
        );
        for wrong in ["empty", "tooWide"] {
            assert_eq!(seen[wrong], json!(0), "{}: {wrong}", page.display());
        }
        assert!(seen["title"].as_u64() > Some(0), "{}", page.display());
        pictures += seen["pictures"].as_u64().unwrap_or(0);
    }
    assert!(pictures > 20, "{pictures} pictures");
}

/// Pictures that are cut off or have to be scrolled, and those whose letters are too small while no words below say the same.
const PICTURES: &str = "(() => {
    const all = [...document.querySelectorAll('.pictured')];
    const name = (one) => one.querySelector('.picture').getAttribute('aria-label');
    return {
        count: all.length,
        cut: all.filter((one) => {
            const picture = one.querySelector('.picture');
            const [outer, inner] = [picture, picture.querySelector('svg')].map((part) => part.getBoundingClientRect());
            return picture.scrollWidth > picture.clientWidth || inner.left < outer.left || inner.right > outer.right;
        }).map(name),
        unread: all.filter((one) => {
            const [svg, words] = [one.querySelector('svg'), one.querySelector('.in-words')];
            const isReadable = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width >= 0.79;
            return !isReadable && (words.offsetHeight === 0
                || words.querySelectorAll('li a').length < one.querySelectorAll('.node').length);
        }).map(name),
        tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    };
})()";

#[test]
fn pictures_are_seen_as_a_whole_at_every_width_and_stand_in_words_where_they_are_small() {
    let site = Site::new();
    let mut browser = Browser::start();
    let has_pictures =
        |page: &PathBuf| fs::read_to_string(page).is_ok_and(|text| text.contains("\"pictured"));
    let pages: Vec<PathBuf> = site.pages().into_iter().filter(has_pictures).collect();
    let is_there = |path: &str| pages.contains(&site.page(path));
    assert!(["index.html", "machines.html", "engines/ph1_onb.html"].into_iter().all(is_there), "{pages:?}");
    for width in WIDTHS {
        browser.resize(width, WIDE.1);
        for page in &pages {
            browser.open(page);
            let seen = browser.ask(PICTURES);
            assert!(seen["count"].as_u64() > Some(0), "{}", page.display());
            for wrong in ["cut", "unread"] {
                assert_eq!(seen[wrong], json!([]), "{} at {width}: {wrong}", page.display());
            }
            assert_eq!(seen["tooWide"], json!(0), "{} at {width}", page.display());
        }
    }
}

#[test]
fn links_lead_from_the_engine_to_the_line_of_the_specs_and_back() {
    let site = Site::new();
    let mut browser = Browser::start();
    browser.resize(WIDE.0, WIDE.1);
    browser.open(&site.page("index.html"));
    let mut follow = |selector: &str, expected: &str| {
        browser.ask(&format!("document.querySelector({}).click()", json!(selector)));
        browser.wait_for_load();
        let at = browser.ask("location.pathname + location.hash").as_str().unwrap_or_default().to_owned();
        assert!(at.contains(expected), "{selector} leads to {at}");
    };
    follow("main a[href='engines/ph1_w.html']", "/engines/ph1_w.html");
    follow(
        "main a[href$='PH1W_ENROLL_START_DRAFT_ROW.html']",
        "/capabilities/PH1W_ENROLL_START_DRAFT_ROW.html",
    );
    follow("main .lines a.place", "/specs/ecm/PH1_W.md.html#L");
    follow("tr:target a.chip", "/capabilities/PH1W_ENROLL_START_DRAFT_ROW.html");
    // Within a picture, too.
    follow("main a[href$='/wake_enrollment_sessions.html']", "/tables/wake_enrollment_sessions.html");
    assert!(browser.problems().is_empty());
}

#[test]
fn the_search_finds_what_is_typed_and_goes_there() {
    let site = Site::new();
    let mut browser = Browser::start();
    browser.resize(WIDE.0, WIDE.1);
    browser.open(&site.page("tables/audit_events.html"));
    browser.press("/", 191, "/");
    assert_eq!(browser.ask("document.activeElement.id"), json!("search"));
    browser.insert("w enroll timeout");
    let count = browser.ask("document.querySelectorAll('#found [role=option]').length");
    assert!(count.as_u64() > Some(0), "{count} found");
    browser.ask("document.getElementById('search').select()");
    browser.insert("W_ENROLL_TIMEOUT");
    let first = browser.ask("document.querySelector('#found [aria-selected=true] strong').textContent");
    assert_eq!(first, json!("W_ENROLL_TIMEOUT"));
    browser.press("Enter", 13, "\r");
    browser.wait_for_load();
    assert_eq!(
        browser.ask("location.pathname.split('/').pop() + location.hash"),
        json!("codes.html#W_ENROLL_TIMEOUT")
    );
    browser.press("/", 191, "/");
    browser.insert("nothing is called like this");
    assert_eq!(browser.ask("document.querySelectorAll('#found .none').length"), json!(1));
    browser.press("Escape", 27, "");
    assert_eq!(browser.ask("document.getElementById('found').hidden"), json!(true));
    assert!(browser.problems().is_empty());
}

/// The contrast of what is written and what is behind it, for every kind of text, as WCAG computes it.
const CONTRASTS: &str = "(() => {
    const light = (text) => {
        const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map((part) => {
            const value = part / 255;
            return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if (!/, 0\\)$/.test(color) && color !== 'transparent') return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const weak = [];
    for (const element of document.querySelectorAll('main *, header *, aside *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!own || element.closest('svg') || element.offsetParent === null) continue;
        const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) weak.push(element.className + ' ' + element.tagName + ' ' + contrast.toFixed(2));
    }
    return { weak: [...new Set(weak)], back: getComputedStyle(document.body).backgroundColor };
})()";

#[test]
fn light_and_dark_are_two_looks_and_both_can_be_read() {
    let site = Site::new();
    let mut browser = Browser::start();
    browser.resize(WIDE.0, WIDE.1);
    for page in ["index.html", "engines/ph1_w.html", "codes.html", "machines.html", "specs/ecm/PH1_W.md.html"]
    {
        let mut backs = Vec::new();
        for scheme in ["light", "dark"] {
            browser.prefer(scheme);
            browser.open(&site.page(page));
            let seen = browser.ask(CONTRASTS);
            assert_eq!(seen["weak"], json!([]), "{page} in {scheme}");
            backs.push(seen["back"].clone());
        }
        assert_ne!(backs[0], backs[1], "{page}");
    }
}

#[test]
fn a_keyboard_is_enough_and_a_script_is_not_needed_to_read() {
    let site = Site::new();
    let mut browser = Browser::start();
    browser.resize(WIDE.0, WIDE.1);
    browser.open(&site.page("index.html"));
    browser.press("Tab", 9, "");
    let focused = browser.ask(
        "(() => { const at = document.activeElement; return [at.className, at.getBoundingClientRect().left >= 0]; })()",
    );
    assert_eq!(focused, json!(["skip", true]));
    browser.press("Enter", 13, "\r");
    assert_eq!(browser.ask("document.activeElement.id"), json!("main"));
    browser.run_scripts(false);
    browser.open(&site.page("index.html"));
    let seen = browser.ask(
        "(() => [document.querySelectorAll('main table tbody tr').length >= 10, document.querySelector('.search').hidden])()",
    );
    assert_eq!(seen, json!([true, true]), "everything is there but the search");
}
