//! Small edits of specs, written down in a text: a file, then what is taken out (`- `) and what is put in (`+ `), piece by piece.
//! `\\n` stands for the end of a line, and `! FILE` deletes a file.

use std::fs;
use std::path::Path;

/// What is done to one file.
pub struct Edit {
    pub file: String,
    /// What is taken out and what is put in.
    pub pieces: Vec<(String, String)>,
    pub is_deleted: bool,
}

/// Reads a text of edits. Empty lines and those with `#` are passed over.
pub fn read(text: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let piece = |rest: &str| rest.replace("\\n", "\n");
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(old) = line.strip_prefix("- ") {
            let edit = edits.last_mut().expect("a file stands first");
            edit.pieces.push((piece(old), String::new()));
        } else if let Some(new) = line.strip_prefix('+') {
            let edit = edits.last_mut().expect("a file stands first");
            edit.pieces.last_mut().expect("what is taken out stands first").1 =
                piece(new.strip_prefix(' ').unwrap_or(new));
        } else {
            let file = line.strip_prefix("! ").unwrap_or(line).trim().to_owned();
            edits.push(Edit { file, pieces: Vec::new(), is_deleted: line.starts_with("! ") });
        }
    }
    edits
}

/// Makes the edits in a specs folder. `place` says where they are written down.
pub fn apply(edits: &[Edit], specs: &Path, place: &str) {
    for Edit { file, pieces, is_deleted } in edits {
        let path = specs.join(file);
        if *is_deleted {
            fs::remove_file(path).expect("the file exists");
            continue;
        }
        let mut text = fs::read_to_string(&path).expect("the file exists");
        for (old, new) in pieces {
            assert!(text.contains(old.as_str()), "{place}: {file} holds no {old:?}");
            text = text.replacen(old.as_str(), new, 1);
        }
        fs::write(&path, text).expect("the file can be written");
    }
}
