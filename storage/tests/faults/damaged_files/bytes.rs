//! Changed bytes and pages of a file.

use std::path::Path;

use super::way::Way;
use crate::proof::Numbers;
use crate::scenes::files::database;

/// Bytes of a page of the file.
const PAGE: usize = 4_096;
/// Bytes of the header of a file.
const HEADER: usize = 100;

/// Ways to change bytes.
pub const WAYS: &[Way] = &[
    Way::of_file("a bit of any byte", |numbers, folder| change(folder, |file| flip(numbers, file, 1))),
    Way::of_file("eight bits of any bytes", |numbers, folder| {
        change(folder, |file| flip(numbers, file, 8));
    }),
    Way::of_file("a bit of the header of the file", |numbers, folder| {
        change(folder, |file| flip(numbers, &mut file[..HEADER], 1));
    }),
    Way::of_file("a field of the header of the file", |numbers, folder| {
        change(folder, |file| field(numbers, file));
    }),
    Way::of_file("bits of the header of a page", |numbers, folder| {
        change(folder, |file| {
            let start = any_page(numbers, file) * PAGE;
            flip(numbers, &mut file[start..start + 40], 2);
        });
    }),
    Way::of_file("bytes of a page", |numbers, folder| {
        change(folder, |file| {
            let start = place(numbers, file.len() - 64);
            let count = 1 + place(numbers, 64);
            for byte in &mut file[start..start + count] {
                *byte = u8::try_from(numbers.below(256)).unwrap();
            }
        });
    }),
    Way::of_file("two pages exchanged", |numbers, folder| {
        change(folder, |file| {
            let (one, other) = (any_page(numbers, file), any_page(numbers, file));
            let kept = page(file, one).to_vec();
            file.copy_within(other * PAGE..(other + 1) * PAGE, one * PAGE);
            file[other * PAGE..(other + 1) * PAGE].copy_from_slice(&kept);
        });
    }),
    Way::of_file("a page in the place of another one", |numbers, folder| {
        change(folder, |file| {
            let (one, other) = (any_page(numbers, file), any_page(numbers, file));
            file.copy_within(one * PAGE..(one + 1) * PAGE, other * PAGE);
        });
    }),
    Way::of_file("a page of zeros", |numbers, folder| {
        change(folder, |file| {
            let start = any_page(numbers, file) * PAGE;
            file[start..start + PAGE].fill(0);
        });
    }),
    Way::of_file("a letter of any text", |numbers, folder| change(folder, |file| letter(numbers, file))),
    Way::of_file("pages cut off", |numbers, folder| {
        change(folder, |file| file.truncate(place(numbers, file.len() / PAGE) * PAGE));
    }),
    Way::of_file("cut off anywhere", |numbers, folder| {
        change(folder, |file| file.truncate(place(numbers, file.len())));
    }),
    Way::of_file("longer by anything", |numbers, folder| {
        change(folder, |file| {
            let count = 1 + place(numbers, 3 * PAGE);
            let start = place(numbers, file.len() - count);
            file.extend_from_within(start..start + count);
        });
    }),
];

/// A place below a bound.
pub fn place(numbers: &mut Numbers, bound: usize) -> usize {
    usize::try_from(numbers.below(u64::try_from(bound).unwrap())).unwrap()
}

fn change(folder: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    change_file(&database(folder), change);
}

/// Reads a file, changes what was read and writes it.
pub fn change_file(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(path).unwrap();
    change(&mut bytes);
    std::fs::write(path, bytes).unwrap();
}

/// Flips some bits.
pub fn flip(numbers: &mut Numbers, bytes: &mut [u8], count: usize) {
    for _ in 0..count {
        let bit = 1 << numbers.below(8);
        let place = place(numbers, bytes.len());
        bytes[place] ^= bit;
    }
}

fn any_page(numbers: &mut Numbers, file: &[u8]) -> usize {
    place(numbers, file.len() / PAGE)
}

fn page(file: &[u8], number: usize) -> &[u8] {
    &file[number * PAGE..(number + 1) * PAGE]
}

/// Other numbers in a field of the header, by its place and length.
fn field(numbers: &mut Numbers, file: &mut [u8]) {
    const FIELDS: [(usize, usize); 20] = [
        (16, 2),
        (18, 1),
        (19, 1),
        (20, 1),
        (21, 3),
        (24, 4),
        (28, 4),
        (32, 4),
        (36, 4),
        (40, 4),
        (44, 4),
        (48, 4),
        (52, 4),
        (56, 4),
        (60, 4),
        (64, 4),
        (68, 4),
        (72, 20),
        (92, 4),
        (96, 4),
    ];
    let (start, length) = *numbers.pick(&FIELDS);
    let value = match numbers.below(4) {
        0 => numbers.below(8),
        1 => u64::MAX,
        2 => numbers.below(100_000),
        _ => numbers.below(u64::MAX),
    };
    let value = u128::from(value).to_be_bytes();
    for (byte, other) in file[start..start + length].iter_mut().rev().zip(value.iter().rev()) {
        *byte = *other;
    }
}

/// Another letter in the place of one, so that texts stay texts.
fn letter(numbers: &mut Numbers, file: &mut [u8]) {
    let start = HEADER + place(numbers, file.len() - HEADER);
    let letter = file.iter_mut().skip(start).find(|byte| byte.is_ascii_alphanumeric());
    if let Some(byte) = letter {
        *byte = if byte.is_ascii_digit() { b'0' + (*byte - b'0' + 1) % 10 } else { *byte ^ 2 };
    }
}
