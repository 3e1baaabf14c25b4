//! What git knows of a specs folder: revisions, and the files that they hold.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::read::tree::{Tree, is_read};

/// The names under which a clone may know the main branch, the first one that it knows.
const NAMES: [&str; 2] = ["origin/main", "main"];

/// A commit, with the name that led to it.
pub struct Revision {
    /// The name that was asked for.
    pub name: String,
    /// The commit, as 40 hexadecimal digits.
    pub commit: String,
}

impl Revision {
    /// The first digits of the commit.
    pub fn short(&self) -> &str {
        self.commit.get(..12).unwrap_or(&self.commit)
    }
}

/// Why there is nothing to compare with, for people.
pub enum Uncompared {
    /// The revision that was asked for does not exist.
    Mistaken(String),
    /// This folder has nothing to compare with.
    Missing(String),
}

/// Where the branch of a folder left the main branch, or the revision that is asked for; or why it cannot be found.
pub fn branch_point(folder: &Path, against: Option<&str>) -> Result<Revision, Uncompared> {
    if git(folder, &["rev-parse", "--is-inside-work-tree"]).is_none() {
        return Err(Uncompared::Missing("this folder lies in no git repository".to_owned()));
    }
    let asked: Vec<&str> = against.map_or_else(|| NAMES.to_vec(), |name| vec![name]);
    let Some(name) = asked.iter().copied().find(|name| commit_of(folder, name).is_some()) else {
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
    Ok(Revision { name: name.to_owned(), commit: commit.trim().to_owned() })
}

/// The commit that a name leads to.
pub fn commit_of(folder: &Path, name: &str) -> Option<String> {
    object(folder, &format!("{name}^{{commit}}"))
}

fn object(folder: &Path, name: &str) -> Option<String> {
    let found = git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", name])?;
    // Some versions print the option too.
    found.lines().last().map(str::to_owned)
}

/// The specs that a revision holds at the place of a folder, or at a path of its own: `REV:docs/specs`.
///
/// # Errors
///
/// Why they cannot be read, for people.
pub fn specs_of(folder: &Path, revision: &str) -> Result<Tree, String> {
    let (name, path) = if let Some((name, path)) = revision.split_once(':') {
        (name, path.trim_end_matches('/').to_owned())
    } else {
        let prefix = git(folder, &["rev-parse", "--show-prefix"])
            .ok_or_else(|| format!("`{revision}` is no folder, and this one lies in no git repository"))?;
        (revision, prefix.trim().trim_end_matches('/').to_owned())
    };
    if commit_of(folder, name).is_none() {
        return Err(format!("there is no folder `{revision}`, and this clone knows no revision `{name}`"));
    }
    let place = format!("{name}:{path}");
    let tree = object(folder, &place);
    let tree = tree.ok_or_else(|| {
        format!("`{name}` has no folder `{path}`; name the one that it has: `{name}:FOLDER`")
    })?;
    let listed = git(folder, &["ls-tree", "-r", "-z", "--full-tree", &tree]);
    let listed = listed.ok_or_else(|| format!("git cannot list `{place}`"))?;
    let mut files = Vec::new();
    for (head, file) in listed.split('\0').filter_map(|entry| entry.split_once('\t')) {
        let mut words = head.split(' ');
        let (mode, kind, id) = (words.next(), words.next(), words.next());
        // Links and submodules are not followed.
        if let (Some("100644" | "100755"), Some("blob"), Some(id)) = (mode, kind, id)
            && is_read(file)
        {
            files.push((file.to_owned(), id.to_owned()));
        }
    }
    let ids: Vec<&str> = files.iter().map(|(_, id)| id.as_str()).collect();
    let contents = blobs(folder, &ids).ok_or_else(|| format!("git cannot read the files of `{place}`"))?;
    let label = if path.is_empty() { place } else { format!("{place}/") };
    Ok(Tree { label, files: files.into_iter().map(|(file, _)| file).zip(contents).collect() })
}

/// The bytes of objects, in their order, by one process.
fn blobs(folder: &Path, ids: &[&str]) -> Option<Vec<Vec<u8>>> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let (mut asked, mut answers) = (child.stdin.take()?, child.stdout.take()?);
    let mut bytes = Vec::new();
    // Both ends at once: either pipe may be full.
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for id in ids {
                if writeln!(asked, "{id}").is_err() {
                    break;
                }
            }
        });
        answers.read_to_end(&mut bytes).ok()
    })?;
    child.wait().ok()?;
    let mut rest = bytes.as_slice();
    let mut found = Vec::with_capacity(ids.len());
    for _ in ids {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let head = std::str::from_utf8(&rest[..end]).ok()?;
        let length: usize = head.rsplit(' ').next()?.parse().ok()?;
        let content = rest.get(end + 1..end + 1 + length)?;
        found.push(content.to_vec());
        rest = rest.get(end + 2 + length..)?;
    }
    Some(found)
}

/// What git prints in a folder; nothing where it fails or is not there.
pub fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
