//! Paths of SVG.

/// Points closer than this on paper are drawn as one.
const FINEST: f64 = 0.5;

/// A line through points; points too close to be told apart are left out.
pub fn line(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    let mut drawn = (f64::INFINITY, f64::INFINITY);
    for (place, &(x, y)) in points.iter().enumerate() {
        let apart = (x - drawn.0).abs().max((y - drawn.1).abs());
        if apart < FINEST && place + 1 < points.len() {
            continue;
        }
        path.push(if path.is_empty() { 'M' } else { 'L' });
        path += &short(x);
        path.push(' ');
        path += &short(y);
        drawn = (x, y);
    }
    path
}

/// The area between two lines.
pub fn area(lower: &[(f64, f64)], upper: &[(f64, f64)]) -> String {
    let back = upper.iter().rev();
    let around: Vec<(f64, f64)> = lower.iter().chain(back).copied().collect();
    let path = line(&around);
    if path.is_empty() { path } else { path + "Z" }
}

/// Columns of heights from 0 to 1, side by side over a width, standing on the
/// lower edge.
pub fn bars(heights: &[f64], width: f64, height: f64) -> String {
    let column = width / heights.len().max(1) as f64;
    let mut path = String::from("M0 ") + &short(height);
    for (place, share) in heights.iter().enumerate() {
        path.push('V');
        path += &short(height * (1.0 - share));
        path.push('H');
        path += &short(column * (place + 1) as f64);
    }
    path.push('V');
    path + &short(height) + "Z"
}

/// A rectangle: its upper left corner and its size.
type Rectangle = ((f64, f64), (f64, f64));

/// Rectangles as one path.
pub fn boxes(boxes: &[Rectangle]) -> String {
    let mut path = String::new();
    for &((x, y), (width, height)) in boxes {
        let ends = [x, y, x + width, y + height].map(short);
        let [left, top, right, bottom] = &ends;
        path += &format!("M{left} {top}H{right}V{bottom}H{left}Z");
    }
    path
}

/// A coordinate to a tenth.
pub fn short(number: f64) -> String {
    let tenths = (number * 10.0).round() as i64;
    let mut text = String::from(if tenths < 0 { "-" } else { "" });
    text += &(tenths.unsigned_abs() / 10).to_string();
    let tenth = tenths.unsigned_abs() % 10;
    if tenth > 0 {
        text.push('.');
        text += &tenth.to_string();
    }
    text
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
    fn a_line_keeps_its_ends_and_what_can_be_seen() {
        let points = [(0.0, 0.0), (0.1, 0.1), (5.0, 0.2), (9.8, 7.0), (10.0, 7.1)];
        assert_eq!(line(&points), "M0 0L5 0.2L9.8 7L10 7.1");
        assert_eq!(line(&[]), "");
    }

    #[test]
    fn an_area_goes_there_and_back() {
        let area = area(&[(0.0, 1.0), (4.0, 1.0)], &[(0.0, 3.0), (4.0, 5.0)]);
        assert_eq!(area, "M0 1L4 1L4 5L0 3Z");
        assert_eq!(super::area(&[], &[]), "");
    }

    #[test]
    fn boxes_are_closed() {
        let boxes = boxes(&[((1.0, 2.0), (3.0, 4.5)), ((0.0, 0.0), (1.0, 1.0))]);
        assert_eq!(boxes, "M1 2H4V6.5H1ZM0 0H1V1H0Z");
    }

    #[test]
    fn bars_stand_on_the_lower_edge() {
        assert_eq!(bars(&[0.5, 1.0], 20.0, 8.0), "M0 8V4H10V0H20V8Z");
    }
}
