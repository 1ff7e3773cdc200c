//! The page's colours: what is read and seen has contrast, and the steps of the
//! scale and the outcomes stay apart for eyes that lack a kind of cones.

use std::collections::HashMap;

/// The style sheet whose colours are judged.
const TOKENS: &str = include_str!("../../app/style/tokens.css");
const THEMES: [&str; 2] = ["light", "dark"];

/// Text needs this contrast by WCAG 2.2, criterion 1.4.3.
const READABLE: f64 = 4.5;
/// Marks and the borders of controls need this one, by criterion 1.4.11.
const VISIBLE: f64 = 3.0;
/// The least difference of two colours that mean different things, as a distance
/// in CIELAB (CIE 1976). About 2.3 is just noticeable side by side; five times
/// that is seen across a table.
const APART: f64 = 12.0;

/// The seven steps of the scale.
const STEPS: [&str; 7] = ["w-3", "w-2", "w-1", "w0", "w1", "w2", "w3"];

/// Text, and what it may stand on.
const TEXTS: [(&str, &[&str]); 7] = [
    ("text", &["page", "surface"]),
    ("muted", &["page", "surface"]),
    ("error", &["page", "surface"]),
    ("warn-text", &["warn-fill", "page", "surface"]),
    ("on-step", &["w-2", "w-1", "w0", "w1", "w2"]),
    ("on-end-step", &["w-3", "w3"]),
    ("surface", &["text"]),
];

/// Marks, bars and borders: customers and stayed, left, lowers, raises.
const MARKS: [&str; 4] = ["control", "text", "w-3", "w3"];

/// Linear red, green and blue, from 0 to 1.
type Rgb = [f64; 3];

/// How colours are seen: by everybody, and without one kind of cones. The
/// matrices are those of severity 1.0 of Machado, Oliveira and Fernandes, "A
/// Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE
/// Transactions on Visualization and Computer Graphics 15(6), 2009.
const EYES: [(&str, [Rgb; 3]); 4] = [
    (
        "all cones",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanopia",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
];

/// The colours of a theme by their names.
fn colours(theme: usize) -> HashMap<&'static str, Rgb> {
    let colour = |line: &'static str| {
        let (name, rest) = line
            .trim()
            .strip_prefix("--")?
            .split_once(": light-dark(#")?;
        let (light, dark) = rest.strip_suffix(");")?.split_once(", #")?;
        Some((name, linear([light, dark][theme])))
    };
    TOKENS.lines().filter_map(colour).collect()
}

/// A colour of the style sheet, without its `#`.
fn linear(hex: &str) -> Rgb {
    [0, 2, 4].map(|place| {
        let digits = hex.get(place..place + 2).expect("six digits");
        let shade = f64::from(u8::from_str_radix(digits, 16).expect("a number")) / 255.0;
        match shade <= 0.04045 {
            true => shade / 12.92,
            false => ((shade + 0.055) / 1.055).powf(2.4),
        }
    })
}

fn product(matrix: &[Rgb; 3], colour: Rgb) -> Rgb {
    matrix.map(|row| row.iter().zip(colour).map(|(a, b)| a * b).sum())
}

/// From linear RGB to XYZ, by IEC 61966-2-1.
const XYZ: [Rgb; 3] = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
];

/// The contrast of two colours, by WCAG 2.2.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let [one, other] = [one, other].map(|colour| product(&XYZ, colour)[1] + 0.05);
    one.max(other) / one.min(other)
}

/// A colour in CIELAB, under D65.
fn lab(colour: Rgb) -> Rgb {
    let white = product(&XYZ, [1.0; 3]);
    let shown = colour.map(|part| part.clamp(0.0, 1.0));
    let xyz = product(&XYZ, shown);
    let [x, y, z] = [0, 1, 2].map(|place| {
        let share: f64 = xyz[place] / white[place];
        match share > 216.0 / 24389.0 {
            true => share.cbrt(),
            false => (24389.0 / 27.0 * share + 16.0) / 116.0,
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (lab(one), lab(other));
    let squares = one.iter().zip(other).map(|(a, b)| (a - b).powi(2));
    squares.sum::<f64>().sqrt()
}

#[test]
fn the_measures_are_the_published_ones() {
    let [black, white, grey] = ["000000", "ffffff", "767676"].map(linear);
    assert!((contrast(black, white) - 21.0).abs() < 0.01);
    // The lightest grey that may be text on white.
    assert!((contrast(grey, white) - 4.54).abs() < 0.01);
    assert!((distance(black, white) - 100.0).abs() < 0.01);
    for (name, matrix) in &EYES {
        let seen = product(matrix, white);
        assert!(distance(seen, white) < 0.1, "{name} sees white as {seen:?}");
    }
}

#[test]
fn text_and_marks_have_contrast() {
    for (theme, name) in THEMES.iter().enumerate() {
        let colours = colours(theme);
        for (text, grounds) in TEXTS {
            for ground in grounds {
                let contrast = contrast(colours[text], colours[ground]);
                assert!(
                    contrast >= READABLE,
                    "{name}: {text} on {ground}: {contrast:.2}"
                );
            }
        }
        for mark in MARKS {
            for ground in ["page", "surface"] {
                let contrast = contrast(colours[mark], colours[ground]);
                assert!(
                    contrast >= VISIBLE,
                    "{name}: {mark} on {ground}: {contrast:.2}"
                );
            }
        }
    }
}

#[test]
fn what_differs_stays_apart_for_every_eye() {
    for (theme, name) in THEMES.iter().enumerate() {
        let colours = colours(theme);
        for (eye, matrix) in &EYES {
            let apart = |one: &str, other: &str| {
                let [one_seen, other_seen] =
                    [one, other].map(|colour| product(matrix, colours[colour]));
                let distance = distance(one_seen, other_seen);
                assert!(
                    distance >= APART,
                    "{name}, {eye}: {one}, {other}: {distance:.1}"
                );
            };
            for (place, step) in STEPS.iter().enumerate() {
                for other in &STEPS[place + 1..] {
                    apart(step, other);
                }
            }
            // Who stayed and who left.
            apart("control", "text");
        }
    }
}
