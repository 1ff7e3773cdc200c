use super::*;

#[test]
fn moments_keep_their_digits() {
    let told = |x, per_second| {
        let mut text = String::new();
        moment(x, per_second, &mut text);
        text
    };
    assert_eq!(told(951_782_400_123, 1000), "2000-02-29T00:00:00.123Z");
    assert_eq!(told(1_000_001, 1_000_000), "1970-01-01T00:00:01.000001Z");
    assert_eq!(told(-1, 1_000_000_000), "1969-12-31T23:59:59.999999999Z");
}

#[test]
fn decimals_are_the_nearest_numbers() {
    assert_eq!(decimal(2985, 2), Some(29.85));
    assert_eq!(of_bytes(&[0xff, 0x38]), Some(-200));
    assert_eq!(of_bytes(&[0x0b, 0xa9]), Some(2985));
    assert_eq!(of_bytes(&[1; 17]), None);
    assert_eq!(of_bytes(&[]), None);
}
