//! Which specs differ from the point where this branch left the main branch. A clone that does not know that point says so.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::section::{Section, Verdict};
use super::subject::Subject;
use crate::diagnostics::github::{self, Level};

/// The names under which a clone may know the main branch, the first one that it knows.
const NAMES: [&str; 2] = ["origin/main", "main"];

/// Where this branch left another one.
struct Base {
    /// The name that was asked for.
    name: String,
    /// The commit where both histories part, as 40 hexadecimal digits.
    commit: String,
}

/// The files of specs that differ, committed or not.
pub fn section(subject: &Subject<'_>) -> Section {
    let title = "main branch";
    let compared = base(&subject.specs, subject.args.against.as_deref())
        .and_then(|base| Ok((changed(&subject.specs, &base)?, base)));
    match compared {
        Ok((files, base)) => {
            let short = base.commit.get(..12).unwrap_or(&base.commit);
            Section {
                title,
                verdict: Verdict::Passed,
                summary: match files.len() {
                    0 => format!("no file of specs differs from `{}` ({short})", base.name),
                    count => format!("{count} files of specs differ from `{}` ({short})", base.name),
                },
                details: files.join("\n"),
                data: json!({ "against": base.name, "commit": base.commit, "files": files }),
                annotations: String::new(),
            }
        }
        Err(uncompared) => {
            let (verdict, level, reason) = match uncompared {
                Uncompared::Mistaken(reason) => (Verdict::Failed, Level::Error, reason),
                Uncompared::Missing(reason) => (Verdict::NotCompared, Level::Notice, reason),
            };
            Section {
                title,
                verdict,
                annotations: github::note(level, "not compared with the main branch", &reason),
                data: json!({ "against": null, "reason": reason }),
                details: String::new(),
                summary: reason,
            }
        }
    }
}

/// Why there was no comparison, for people.
enum Uncompared {
    /// The revision that was asked for does not exist.
    Mistaken(String),
    /// This folder has nothing to compare with.
    Missing(String),
}

/// Where the branch of a folder left the main branch, or the revision that is asked for; or why nobody can tell.
fn base(folder: &Path, against: Option<&str>) -> Result<Base, Uncompared> {
    if git(folder, &["rev-parse", "--is-inside-work-tree"]).is_none() {
        return Err(Uncompared::Missing("this folder lies in no git repository".to_owned()));
    }
    let is_known = |name: &&str| {
        git(folder, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).is_some()
    };
    let asked: Vec<&str> = against.map_or_else(|| NAMES.to_vec(), |name| vec![name]);
    let Some(name) = asked.iter().copied().find(is_known) else {
        return Err(against.map_or_else(
            || {
                let names = NAMES.map(|name| format!("`{name}`")).join(" and no ");
                Uncompared::Missing(format!("this clone knows no {names}; `git fetch origin main` brings it"))
            },
            |name| {
                let help = "give --against a branch, a tag or a commit that is there";
                Uncompared::Mistaken(format!("this clone knows no `{name}`; {help}"))
            },
        ));
    };
    let commit = git(folder, &["merge-base", "HEAD", name]).ok_or_else(|| {
        let help = "`git fetch --unshallow` brings the rest";
        Uncompared::Missing(format!("this clone is too shallow to know where it left `{name}`; {help}"))
    })?;
    Ok(Base { name: name.to_owned(), commit: commit.trim().to_owned() })
}

/// Files of a folder that differ from a commit, and those that git does not know yet; below the folder, sorted.
fn changed(folder: &Path, base: &Base) -> Result<Vec<String>, Uncompared> {
    let known = ["diff", "--name-only", "-z", "--relative", &base.commit, "--", "."];
    let new = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
    let mut files = Vec::new();
    for arguments in [&known[..], &new[..]] {
        let printed = git(folder, arguments).ok_or_else(|| {
            Uncompared::Missing(format!("git cannot compare with `{}` ({})", base.name, base.commit))
        })?;
        files.extend(printed.split('\0').filter(|file| !file.is_empty()).map(str::to_owned));
    }
    files.sort();
    Ok(files)
}

/// What git prints in a folder; nothing where it fails or is not there.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
