//! Paths of SVG.

/// Columns of heights from 0 to 1, side by side over a width, standing on the
/// lower edge.
pub fn bars(heights: &[f64], width: f64, height: f64) -> String {
    let column = width / heights.len().max(1) as f64;
    let mut path = format!("M0 {}", short(height));
    for (place, share) in heights.iter().enumerate() {
        path += &format!(
            "V{}H{}",
            short(height * (1.0 - share)),
            short(column * (place + 1) as f64)
        );
    }
    path + &format!("V{}Z", short(height))
}

/// A coordinate to a tenth.
pub fn short(number: f64) -> String {
    let tenths = (number * 10.0).round() as i64;
    let (sign, size) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    match size % 10 {
        0 => format!("{sign}{}", size / 10),
        tenth => format!("{sign}{}.{tenth}", size / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        let texts = [0.0, 12.0, 0.04, -0.26, 7.96].map(short);
        assert_eq!(texts, ["0", "12", "0", "-0.3", "8"]);
    }

    #[test]
    fn bars_stand_on_the_lower_edge() {
        assert_eq!(bars(&[0.5, 1.0], 20.0, 8.0), "M0 8V4H10V0H20V8Z");
    }
}
