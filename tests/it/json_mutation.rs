//! Changes to a JSON document that keep it JSON, so that what is behind the
//! parser is reached.

use serde_json::Value;

/// A small generator (SplitMix64), so that a seed says which change it is.
pub struct Random(pub u64);

impl Random {
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

/// Changes one value somewhere in the document.
pub fn mutate(document: &mut Value, random: &mut Random) {
    let mut at = document;
    // Deeper with each step, and now and then stop on the way.
    loop {
        let children = match &*at {
            Value::Array(items) => items.len(),
            Value::Object(fields) => fields.len(),
            _ => 0,
        };
        if children == 0 || random.below(8) == 0 {
            break change(at, random);
        }
        let next = random.below(children);
        at = match at {
            Value::Array(items) => &mut items[next],
            Value::Object(fields) => match fields.values_mut().nth(next) {
                Some(value) => value,
                None => break,
            },
            _ => break,
        };
    }
}

fn change(value: &mut Value, random: &mut Random) {
    const NUMBERS: [f64; 14] = [
        0.0, -0.0, 1.0, -1.0, 0.5, 255.0, 256.0, 1e-300, -1e-9, 60.0, -700.0, 1e6, 1e17, 1.7e308,
    ];
    match value {
        Value::Array(items) if !items.is_empty() => {
            let at = random.below(items.len());
            match random.below(5) {
                0 => drop(items.remove(at)),
                1 => items.insert(at, items[at].clone()),
                2 => items.swap(at, 0),
                3 => items.clear(),
                _ => {
                    let many = items.len() * (1 + random.below(40));
                    *items = items.iter().cloned().cycle().take(many).collect();
                }
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            let at = random.below(fields.len());
            let Some(key) = fields.keys().nth(at).cloned() else {
                return;
            };
            match random.below(3) {
                0 => drop(fields.remove(&key)),
                1 => drop(fields.insert("another".into(), Value::Null)),
                _ => drop(fields.insert(key, Value::Null)),
            }
        }
        Value::String(text) => match random.below(4) {
            0 => text.clear(),
            1 => text.push('x'),
            2 => *text = text.repeat(50),
            _ => *text = "Yes".into(),
        },
        Value::Bool(flag) => *flag = !*flag,
        other => {
            let factor = NUMBERS[random.below(NUMBERS.len())];
            *other = match other.as_f64() {
                Some(x) if random.below(2) == 0 && (x * factor).is_finite() => (x * factor).into(),
                _ if random.below(3) == 0 => (random.below(300) as u64).into(),
                _ => factor.into(),
            };
        }
    }
}
